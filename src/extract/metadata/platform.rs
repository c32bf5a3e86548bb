//! The software that made the page, as its `generator` tells.

/// What generators call themselves, in lower case, and the name used here.
const PLATFORMS: &[(&str, &str)] = &[
    ("wordpress", "wordpress"),
    ("drupal", "drupal"),
    ("joomla", "joomla"),
    ("typo3", "typo3"),
    ("blogger", "blogger"),
    ("ghost", "ghost"),
    ("hugo", "hugo"),
    ("jekyll", "jekyll"),
    ("gatsby", "gatsby"),
    ("astro", "astro"),
    ("eleventy", "eleventy"),
    ("hexo", "hexo"),
    ("docusaurus", "docusaurus"),
    ("mkdocs", "mkdocs"),
    ("sphinx", "sphinx"),
    ("mediawiki", "mediawiki"),
    ("dokuwiki", "dokuwiki"),
    ("moinmoin", "moinmoin"),
    ("discourse", "discourse"),
    ("vbulletin", "vbulletin"),
    ("phpbb", "phpbb"),
    ("xenforo", "xenforo"),
    ("invision", "invision"),
    ("flarum", "flarum"),
    ("nodebb", "nodebb"),
    ("vanilla", "vanilla"),
    ("simple machines", "smf"),
    ("mybb", "mybb"),
    ("squarespace", "squarespace"),
    ("wix", "wix"),
    ("webflow", "webflow"),
    ("framer", "framer"),
    ("weebly", "weebly"),
    ("shopify", "shopify"),
    ("prestashop", "prestashop"),
    ("magento", "magento"),
    ("substack", "substack"),
    ("medium", "medium"),
    ("movable type", "movable-type"),
    ("typepad", "typepad"),
    ("contao", "contao"),
    ("plone", "plone"),
    ("rustdoc", "rustdoc"),
    ("javadoc", "javadoc"),
    ("doxygen", "doxygen"),
    ("mailman", "mailman"),
    ("hypermail", "hypermail"),
    ("pipermail", "mailman"),
    ("mhonarc", "mhonarc"),
    ("hyperkitty", "hyperkitty"),
    ("sitecore", "sitecore"),
    ("microsoft sharepoint", "sharepoint"),
    ("next.js", "next"),
];

/// The platform a generator names; `None` for what is no platform of pages (plugins, page builders, editors).
pub fn of_generator(generator: &str) -> Option<String> {
    let lower = generator.trim().to_lowercase();
    let begins =
        |name: &&(&str, &str)| lower.strip_prefix(name.0).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    PLATFORMS.iter().find(begins).map(|(_, platform)| (*platform).to_owned())
}
