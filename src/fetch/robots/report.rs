//! What `gleaner robots FILE --agent NAME` prints.

use super::{Robots, path_of};

/// The line for one address: `URL<tab>1|0<tab>line number<tab>rule`, with line 0 and no rule where none matched. What is blank
/// around the address is none of it.
pub fn report(robots: &Robots, agent: &str, url: &str) -> String {
    let url = url.trim();
    let path = path_of(url);
    let verdict = robots.verdict(agent, &path);
    let allowed = u8::from(verdict.allowed);
    // A tab or a control character in a rule would break the columns.
    let rule = verdict.rule.replace(char::is_control, " ");
    format!("{url}\t{allowed}\t{}\t{rule}", verdict.line.unwrap_or(0))
}
