//! Words about authors in bylines, folded as `dates::fold` does, parted by `|`.

/// Words that may stand before "by" in a byline.
pub const BEFORE_BY: &str = "this|post|was|is|written|posted|published|story|article|articles|words|text|content|guide|review|view|all|\
     posts|more|authored|contributed|report|reporting|created|submitted|added|started|asked|answered|column|\
     opinion|analysis|blog|the|a|on|last";
/// What leads to a name at the start of a line.
pub const LEADS: &str = "by|by:|author|author:|authors|authors:|author(s)|author(s):|contributor:|contributors:|writer:|from|von|von:|\
     autor:|autorin:|autoren:|par|par:|auteur|auteur:|por|por:|di|di:|autore:|door|door:|przez|autor|автор|автор:|\
     redaktion:|text:|texto:|texte:|-|–|—|•|·|作者|作者:|文|文/|文:|記者|记者|取材・文";
/// Words that alone in a line lead to the name in the next.
pub const LONE_LEADS: &str = "by|author|authors|author(s)|contributor|contributors|writer|von|autor|autorin|autoren|par|auteur|por|di|autore|\
     door|автор|作者|文|記者|记者";
/// Words that say somebody did something else than write.
pub const OTHER_DEEDS: &str = "updated|reviewed|edited|photo|photos|photography|photographs|illustrated|illustration|illustrations|fact|\
     medically|translated|sponsored|powered|curated";
/// Where the names of a line end.
pub const TAILS: &str = "reviewed by|edited by|updated|last updated|published|posted|on behalf of|is a |is the |medically reviewed|\
     fact checked|photos by|photo by|photography by|for the |follow|min read|minute read|minutes|on monday|on tuesday|\
     on wednesday|on thursday|on friday|on saturday|on sunday|on the ";
/// What a person may be called beside the name; a part that holds one is no name.
pub const ROLES: &str = "editor|writer|expert|contributor|founder|cofounder|co-founder|manager|director|specialist|reviewer|ceo|\
     cto|cmo|coo|president|journalist|reporter|columnist|correspondent|dietitian|nutritionist|analyst|\
     consultant|strategist|engineer|developer|coordinator|researcher|professor|attorney|blogger|producer|\
     educator|educators|coach|therapist|physician|officer|winemaker|gardener|astrologer|author|member|\
     moderator|admin|administrator|vp|intern|photographer|copywriter|redakteur|redakteurin";
/// Words that stand before a role.
pub const BEFORE_ROLES: &str = "senior|staff|chief|head|contributing|guest|associate|deputy|managing|executive|freelance|lead|former|\
     content|assistant|principal|junior|technical|digital|marketing|certified|registered|licensed";
/// Lines that are no names.
pub const NO_NAMES: &str = "by|written by|posted by|author|authors|home|read|read more|sign in|log in|login|share|subscribe|follow|\
     admin|administrator|unknown|anonymous|guest|none|null|undefined|n/a|na|webmaster|root|about the author|\
     about|contact|comments|reply|view profile|view more posts|view all posts|more posts|topic author|\
     the author|user|editor|staff|default|website|article author|super user|meet the author|published|updated|\
     find|profile|more|see all|sponsored|advertisement|name|posted|post|posts|says|via|facebook|twitter|guide|\
     view|google|instagram|linkedin|email|print|save|menu|search|image|avatar|verified|online|offline|\
     contributor|writer|comment|view comments|copy link|privacy policy|advertiser disclosure";

/// Whether a list has the word.
pub fn has(list: &str, word: &str) -> bool {
    list.split('|').any(|known| known == word)
}
