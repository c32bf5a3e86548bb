//! The language of code, as its markup names it.

use std::sync::LazyLock;

use super::elements::is_block_level;
use crate::document::boundary;
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::memo::Known;

const NAME_BYTES_MAX: usize = 24;
/// Of one class attribute no more is read: it may stand above many a `pre`.
const CLASS_BYTES_MAX: usize = 500;
/// Nodes below a `pre` among which its `code` is looked for.
const INSIDE_MAX: usize = 6;
/// Elements around a `pre` whose class may name any language.
const NEAR_LEVELS: usize = 2;
/// Elements around those, as of the table that sets numbers beside lines, whose class must name a known one.
const FAR_LEVELS: usize = 3;

/// What a class of code has before the language's name.
const PREFIXES: &[&str] = &["language-", "lang-", "highlight-source-", "mw-highlight-lang-", "brush:"];
/// Class tokens beside which a language's name may stand bare.
const MARKERS: &[&str] = &["hljs", "sourceCode", "highlight", "highlighter", "prettyprint", "chroma", "code-block"];
/// Names that stand where no language is named.
const NO_NAMES: &[&str] = &["none", "default", "undefined", "null"];

/// Languages that are known where the markup might as well say something else.
const KNOWN: &str = "ada apache applescript arduino asm assembly awk bash basic bat batch c c# c++ clojure cmake cobol \
    coffeescript console cpp crystal csharp css csv cuda cython d dart delphi diff django docker dockerfile dosini elisp elixir \
    elm erlang f# fish fortran fsharp gherkin glsl go golang gradle graphql groovy haml handlebars haskell hcl html http ini \
    ipython ipython3 java javascript jinja jinja2 jl js json json5 jsonc jsx julia kotlin latex less lisp llvm lua make \
    makefile markdown mathematica matlab md mermaid mysql nasm nginx nim nix objc objectivec objective-c ocaml \
    octave pascal patch perl pgsql php plsql postgresql powershell prolog protobuf ps1 puppet py pycon python python2 python3 \
    qml r racket rb regex rest rst ruby rust sas sass scala scheme scss sh shell shell-session shellscript shellsession \
    smalltalk solidity sparql sql stata svelte swift systemverilog tcl terraform tex toml ts tsx twig typescript vala vb vba \
    vbnet verilog vhdl vim vue wasm wolfram x86asm xhtml xml yaml yml zig zsh";

/// The language that the `pre`, its `code` or the elements around it name.
pub fn language(tree: &Tree<'_>, pre: NodeId) -> Option<String> {
    let inside = tree.subtree(pre).skip(1).take(INSIDE_MAX).find(|&below| tree.tag(below) == Tag::Code);
    let mut around = tree.ancestors(pre).take(NEAR_LEVELS + FAR_LEVELS).filter(|&id| is_block_level(tree.tag(id)));
    let near = inside.into_iter().chain([pre]).chain(around.by_ref().take(NEAR_LEVELS));
    let name = near.filter_map(|id| named(tree, id)).next();
    let far =
        || around.take_while(|&id| is_frame(tree.tag(id))).filter_map(|id| named(tree, id)).find(|at| is_known(at));
    name.or_else(far)
}

/// What code is set in, with numbers or a line of tools beside it.
fn is_frame(tag: Tag) -> bool {
    matches!(tag, Tag::Figure | Tag::Div | Tag::Table | Tag::Tbody | Tag::Tr | Tag::Td)
}

fn named(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    let said = ["data-lang", "data-language"].iter().find_map(|name| tree.attribute_named(id, name)).and_then(sound);
    let class =
        || tree.attribute(id, Key::Class).and_then(|class| by_class(&class[..boundary(class, CLASS_BYTES_MAX)]));
    // The attribute of that name is for the languages of people.
    let lang = || tree.attribute(id, Key::Lang).and_then(sound).filter(|name| is_known(name));
    said.or_else(class).or_else(|| lang().filter(|_| matches!(tree.tag(id), Tag::Pre | Tag::Code)))
}

fn by_class(class: &str) -> Option<String> {
    let tokens = || class.split(|c: char| c.is_ascii_whitespace() || c == ';').filter(|token| !token.is_empty());
    let mut following = tokens().skip(1);
    let with_prefix = tokens().find_map(|token| {
        let next = following.next();
        match PREFIXES.iter().find_map(|prefix| token.strip_prefix(prefix))? {
            // `brush: js` is two tokens of one name.
            "" => next.filter(|_| token == "brush:").and_then(sound),
            name => sound(name),
        }
    });
    let known = |name: &str| sound(name).filter(|name| is_known(name));
    let after_highlight = || tokens().find_map(|token| token.strip_prefix("highlight-").and_then(known));
    let is_marked = || tokens().any(|token| MARKERS.contains(&token));
    let bare = || if is_marked() { tokens().find_map(known) } else { None };
    with_prefix.or_else(after_highlight).or_else(bare)
}

fn sound(name: &str) -> Option<String> {
    let name = name.trim();
    let is_name = !name.is_empty() && name.len() <= NAME_BYTES_MAX && !name.contains(char::is_whitespace);
    (is_name && !NO_NAMES.contains(&name)).then(|| name.to_ascii_lowercase())
}

fn is_known(name: &str) -> bool {
    static NAMES: LazyLock<Known<()>> =
        LazyLock::new(|| Known::new(KNOWN.split_ascii_whitespace().map(|name| (name, ())), |_, ()| ()));
    NAMES.get(name.as_bytes()).is_some()
}
