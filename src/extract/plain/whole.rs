//! Texts that no page stands around: notes, letters, verse, lists, tables, code. Nothing of them is chrome, however short
//! its lines are and wherever they stand, so that all of them is kept.

use super::lines::Line;
use crate::document::Reason;
use crate::extract::label::shape::is_wide;

/// A word that is chrome on some pages may head a part of a text: of so many lines one is such a word at most.
const LINES_A_WORD: usize = 6;
/// Letters of a script without spaces that are about a word.
const DENSE_LETTERS_MAX: usize = 4;
/// A text with any prose may be a page whose chrome no phrase tells. It is whole only where the scores speak
/// against few short lines; of lists, verse, tables and code they know little.
const PROSE_LINES_MIN: usize = 1;
const AGAINST_LINES_MAX: usize = 2;
const AGAINST_WORDS_MAX: u32 = 7;
/// A text of fewer words is a note or a letter: there they may speak against one word in so many.
const SHORT_TEXT_WORDS: u32 = 150;
const SHORT_TEXT_PART: u32 = 3;
/// A line of so many words is no menu's: it says the page's name above the title.
const NAME_WORDS_MIN: u32 = 3;

/// Whether a text is whole: no line is known chrome, and it is no prose that the scores take much away from.
pub fn is_whole(lines: &[Line], judged: &[(Option<Reason>, f32)], level: f32) -> bool {
    let mut words = 0;
    for (at, (reason, _)) in judged.iter().enumerate() {
        let Some(reason) = reason.as_ref().or(lines[at].chrome.as_ref()).filter(|reason| speaks(lines, at, reason))
        else {
            continue;
        };
        if !may_head(lines, at, reason) {
            return false;
        }
        words += 1;
    }
    let prose = lines.iter().filter(|line| line.prose).count();
    let lost = |part: &(&Line, &(Option<Reason>, f32))| part.1.0.is_none() && part.1.1 <= level;
    let against: Vec<u32> = lines.iter().zip(judged).filter(lost).map(|(line, _)| line.words).collect();
    let all: u32 = lines.iter().map(|line| line.words).sum();
    let is_few = against.len() <= AGAINST_LINES_MAX && against.iter().all(|words| *words <= AGAINST_WORDS_MAX)
        || all < SHORT_TEXT_WORDS && against.iter().sum::<u32>() * SHORT_TEXT_PART <= all;
    (prose < PROSE_LINES_MIN || is_few) && words <= lines.len().div_ceil(LINES_A_WORD)
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
