//! Splits: parts of a corpus that share nothing, as `train=0.98,validation=0.01,test=0.01`.

use crate::capture::Id;

/// Names and shares, in the order given; empty for a corpus in one part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Splits(Vec<(String, f64)>);

/// More parts are no splits for training.
const SPLITS_MAX: usize = 16;

impl Splits {
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let splits: Vec<(String, f64)> = parts.map(part).collect::<Result<_, _>>()?;
        let sum: f64 = splits.iter().map(|(_, share)| share).sum();
        let is_twice = |at: usize| splits[..at].iter().any(|(name, _)| *name == splits[at].0);
        if !splits.is_empty() && (sum - 1.0).abs() > 1e-6 {
            return Err(format!("the shares add up to {sum:.4}, not 1"));
        }
        if splits.len() > SPLITS_MAX || (0..splits.len()).any(is_twice) {
            return Err(format!("there are more than {SPLITS_MAX} parts, or two of one name"));
        }
        Ok(Self(splits))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The split of all that belongs with the document of this text. It depends on the text's hash and the shares alone.
    pub fn of(&self, text: Id) -> Option<&str> {
        let hash = u64::from_be_bytes(text.0[8..16].try_into().expect("an id has 32 bytes"));
        let at = hash as f64 / 2_f64.powi(64);
        let mut sum = 0.0;
        let reached = self.0.iter().find(|(_, share)| {
            sum += share;
            at < sum
        });
        reached.or(self.0.last()).map(|(name, _)| name.as_str())
    }
}

fn part(text: &str) -> Result<(String, f64), String> {
    let wanted = || format!("`{text}` is no split; write `train=0.98,validation=0.01,test=0.01`");
    let (name, share) = text.split_once('=').ok_or_else(wanted)?;
    let name = name.trim();
    let share: f64 = share.trim().parse().map_err(|_| wanted())?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    // Names become file names; these are taken.
    let is_taken = ["manifest", "excluded", "ledger", "retired", "documents"].contains(&name);
    if is_name && !is_taken && share > 0.0 && share <= 1.0 { Ok((name.to_owned(), share)) } else { Err(wanted()) }
}
