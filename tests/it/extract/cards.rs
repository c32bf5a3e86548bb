//! What the cards of a shop say twice is kept once; what repeats for a reason stays.

use super::label::read;

const GOODS: &[(&str, &str)] =
    &[("Copper kettle", "£19.00"), ("Enamel mill", "£22.00"), ("Glass spoon", "£25.00"), ("Iron pot", "£28.00")];

/// A page of cards, each as `card` makes it of a number, a name and a price.
fn kept(number: usize, card: impl Fn(usize, &str, &str) -> String) -> Vec<String> {
    let cards = GOODS[..number].iter().enumerate().map(|(at, (name, price))| card(at, name, price));
    let cards: String = cards.map(|card| format!("<li class=grid__item>{card}</li>")).collect();
    let page = format!(
        "<!DOCTYPE html><html lang=en><title>Kitchen</title><body><main><h1>Kitchen</h1><p>All that stands on our stove at home, made by \
         smiths and glaziers whom we know by name.</p><ul class=grid>{cards}</ul></main></body></html>"
    );
    read(&page).body().map(|block| block.text.clone()).collect()
}

fn name(at: usize, name: &str) -> String {
    format!("<div><h3><a href=/p/{at}>{name}</a></h3></div>")
}

/// A price as it is, with what only screen readers tell before it.
fn price(label: &str, price: &str) -> String {
    format!("<div><span class=visually-hidden>{label}</span> <span>{price}</span></div>")
}

/// The same for when it is lowered: what it was is struck out, often nothing.
fn lowered(was: &str, price: &str) -> String {
    format!(
        "<div><span class=visually-hidden>Regular price</span> <span><s>{was}</s></span> <span class=visually-hidden>Sale price</span> \
         <span>{price}</span></div>"
    )
}

fn count(kept: &[String], text: &str) -> usize {
    kept.iter().filter(|block| block.contains(text)).count()
}

#[test]
fn the_second_name_and_price_of_a_card_go() {
    let card = |at: usize, named: &str, costs: &str| {
        let prices = price("Regular price", costs) + &lowered("", costs);
        format!("<div>{}<div>{}{prices}</div></div>", name(at, named), name(at, named))
    };
    for number in [3, 4] {
        let kept = kept(number, card);
        for (name, price) in &GOODS[..number] {
            assert_eq!((count(&kept, name), count(&kept, price)), (1, 1), "{kept:#?}");
        }
    }
}

#[test]
fn what_is_said_again_for_a_reason_stays() {
    // Two of a kind are no cards.
    let twice = |at: usize, named: &str, costs: &str| {
        let names = name(at, named).repeat(if at < 2 { 2 } else { 1 });
        format!("{names}{}", price("Price", costs))
    };
    assert_eq!(count(&kept(4, twice), GOODS[1].0), 2);
    // The same name of two things.
    let others = |at: usize, named: &str, costs: &str| {
        format!("{}{}{}", name(at, named), name(at + 50, named), price("Price", costs))
    };
    assert_eq!(count(&kept(4, others), GOODS[1].0), 2);
    // Names that lead nowhere.
    let plain =
        |_: usize, named: &str, costs: &str| format!("<h3>{named}</h3><h4>{named}</h4><p>For {costs} it is yours.</p>");
    assert_eq!(count(&kept(4, plain), GOODS[1].0), 2);
    // A name over what was asked, and again over what was answered.
    let asked = |at: usize, named: &str, costs: &str| {
        let name = name(at, named);
        format!(
            "{name}<p>What does the one in the window cost, and is it still there?</p>{name}<p>It costs {costs} and is here.</p>"
        )
    };
    assert_eq!(count(&kept(4, asked), GOODS[1].0), 2);
    // The same number, of two things.
    let stars = |at: usize, named: &str, _: &str| {
        format!("{}{}{}", name(at, named), price("Comfort", "4 of 5"), price("Comfort at night", "4 of 5"))
    };
    let stars = kept(4, stars);
    assert_eq!((count(&stars, "Comfort at night"), count(&stars, "4 of 5")), (4, 8), "{stars:#?}");
    // A price that is lower than before, or was once the same; one that is not of this thing.
    for (first, was, then) in [("£40.00", "£40.00", "£19.00"), ("£19.00", "£19.00", "£19.00"), ("£40.00", "", "£19.00")]
    {
        let card = |at: usize, named: &str, _: &str| {
            format!("{}{}{}", name(at, named), price("Regular price", first), lowered(was, then))
        };
        let kept = kept(4, card);
        let prices = kept.iter().filter(|text| text.contains('£')).count();
        assert_eq!((prices, count(&kept, "Sale price")), (8, 4), "{kept:#?}");
    }
    // Two of a kind are no cards.
    let twice = |at: usize, named: &str, costs: &str| {
        let again = if at < 2 { lowered("", costs) } else { String::new() };
        format!("{}{}{again}", name(at, named), price("Regular price", costs))
    };
    assert_eq!(count(&kept(4, twice), "Sale price"), 2);
}
