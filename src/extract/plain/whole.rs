//! Texts that no page stands around: notes, letters, verse, lists, tables, code. Nothing of them is chrome, however short
//! its lines are and wherever they stand, so that all of them is kept.

use super::lines::Line;
use crate::document::Reason;
use crate::extract::label::decide::CONFIDENCE_MIN;
use crate::extract::label::shape::is_wide;

/// A word that is chrome on some pages may head a part of a text: of so many lines one is such a word at most.
const LINES_A_WORD: usize = 6;
/// Letters of a script without spaces that are about a word.
const DENSE_LETTERS_MAX: usize = 4;
/// A text with any prose may be a page whose chrome no phrase tells. It is whole only where the scores speak
/// against few short lines; of verse, tables and code they know little.
const AGAINST_LINES_MAX: usize = 2;
const AGAINST_WORDS_MAX: u32 = 7;
/// A text of fewer words is a note or a letter: there they may speak against one word in so many.
const SHORT_TEXT_WORDS: u32 = 150;
const SHORT_TEXT_PART: u32 = 3;
/// A line of so many words is no menu's: it says the page's name above the title.
const NAME_WORDS_MIN: u32 = 3;
/// So many lines without a gap that have no marks, figures or small beginnings are a menu or a listing as well as a verse.
const LISTING_LINES_MIN: usize = 5;

/// Whether a text is whole: no line is known chrome, and it is no prose that the scores take much away from.
pub fn is_whole(lines: &[Line], judged: &[(Option<Reason>, f32)], level: f32, confidence: f32) -> bool {
    let last_prose = lines.iter().rposition(|line| line.prose);
    let is_kept = |at: usize| judged[at].0.is_none() && judged[at].1 > level;
    let mut words = 0;
    for (at, (reason, _)) in judged.iter().enumerate() {
        let Some(reason) = reason.as_ref().or(lines[at].chrome.as_ref()).filter(|reason| speaks(lines, at, reason))
        else {
            continue;
        };
        let is_below = last_prose.is_some_and(|last| at > last);
        if !may_head(lines, at, reason) || is_below || !is_kept(at + 1) {
            return false;
        }
        words += 1;
    }
    let lost = |part: &(&Line, &(Option<Reason>, f32))| part.1.0.is_none() && part.1.1 <= level;
    let against: Vec<u32> = lines.iter().zip(judged).filter(lost).map(|(line, _)| line.words).collect();
    let all: u32 = lines.iter().map(|line| line.words).sum();
    let is_few = against.len() <= AGAINST_LINES_MAX && against.iter().all(|words| *words <= AGAINST_WORDS_MAX)
        || all < SHORT_TEXT_WORDS && against.iter().sum::<u32>() * SHORT_TEXT_PART <= all;
    // What stands above the headline by its place alone may be a menu that no phrase tells.
    let is_header = |part: &(&Line, &(Option<Reason>, f32))| part.0.out.is_none() && part.1.0 == Some(Reason::Header);
    let headers = lines.iter().zip(judged).filter(is_header).count();
    let is_text = match last_prose {
        Some(_) => is_few && headers <= AGAINST_LINES_MAX,
        None => headers == 0 && (is_few && confidence >= CONFIDENCE_MIN || !has_listing(lines)),
    };
    is_text && words <= lines.len().div_ceil(LINES_A_WORD)
}

/// Whether lines stand together as the items of a menu do. Verse has gaps, marks or small beginnings, a table has figures.
fn has_listing(lines: &[Line]) -> bool {
    let ends = |text: &str| text.ends_with(|c: char| !c.is_alphanumeric() && !is_mark_of_letter(c));
    let has_cells = |text: &str| text.contains(|c: char| c.is_numeric() || ",;={}|，、；".contains(c));
    let is_item = |text: &str| !text.starts_with(char::is_lowercase) && !ends(text) && !has_cells(text);
    let mut count = 0;
    lines.iter().any(|line| {
        let before = if line.gap == 0 { count } else { 0 };
        count = if is_item(&line.text) { before + 1 } else { 0 };
        count >= LISTING_LINES_MIN
    })
}

/// A vowel or a tone above or below the letter before it, as words of many scripts end with.
fn is_mark_of_letter(c: char) -> bool {
    !c.is_ascii() && !"。！？…、，；：”’»」』।؟،".contains(c)
}

/// Whether a line that is whole text stays though a reason was found: what repeats a paragraph, names the writer or heads
/// a printed page does not.
pub fn stays(line: &Line, reason: Option<&Reason>) -> bool {
    line.out.is_none() && !matches!(reason, Some(Reason::Duplicate | Reason::Byline))
}

/// Whether the reason says that a page stands around the text. Marks alone and names of files are no chrome by themselves.
fn speaks(lines: &[Line], at: usize, reason: &Reason) -> bool {
    let is_of_text = matches!(reason, Reason::Byline | Reason::Duplicate | Reason::Media)
        || *reason == Reason::Header && (lines[at].out.is_some() || lines[at].words < NAME_WORDS_MIN);
    !is_of_text && lines[at].text.contains(char::is_alphanumeric)
}

/// Whether a phrase is but a word, and stands between lines of the text as the heading of a part does: `NAME`, `Members`.
fn may_head(lines: &[Line], at: usize, reason: &Reason) -> bool {
    use Reason::{Comment, CommentForm, PostChrome, Reaction, Search};
    let text = &lines[at].text;
    let is_word =
        text.split_whitespace().count() == 1 && text.chars().filter(|c| is_wide(*c)).count() <= DENSE_LETTERS_MAX;
    let is_amid = at > 0 && lines.get(at + 1).is_some_and(Line::is_free);
    is_word && is_amid && matches!(reason, Comment | CommentForm | PostChrome | Reaction | Search)
}
