use std::collections::HashSet;

use super::spec::PersonSpec;
use crate::chance::Chance;

/// People of one language: names go together, and so do locale and time zone.
struct Culture {
    locale: &'static str,
    time_zone: &'static str,
    given: &'static [&'static str],
    surnames: &'static [&'static str],
}

const CULTURES: &[Culture] = &[
    Culture {
        locale: "es-ES",
        time_zone: "Europe/Madrid",
        given: &["Lucía", "Íñigo", "Begoña", "Andrés", "Marta", "Óscar", "Inés", "Joaquín"],
        surnames: &["Muñoz", "García", "Ibáñez", "Serrano", "Núñez", "Peña", "Torres", "Echeverría"],
    },
    Culture {
        locale: "es-MX",
        time_zone: "America/Mexico_City",
        given: &["Ximena", "Raúl", "Guadalupe", "Héctor", "Sofía", "Tomás"],
        surnames: &["Ramírez", "Cárdenas", "Zúñiga", "Villalobos", "Salazar", "Ocampo"],
    },
    Culture {
        locale: "en-US",
        time_zone: "America/Chicago",
        given: &["Denise", "Marcus", "Caitlin", "Terrence", "Paige", "Walter", "Renee"],
        surnames: &["Whitfield", "Okafor", "Callahan", "Brooks", "Delgado", "Yates", "Lindgren"],
    },
    Culture {
        locale: "en-GB",
        time_zone: "Europe/London",
        given: &["Siobhán", "Callum", "Priya", "Gareth", "Imogen", "Rhys"],
        surnames: &["Ashworth", "MacLeod", "Llewellyn", "Patel", "Fairclough", "O'Shea"],
    },
    Culture {
        locale: "de-DE",
        time_zone: "Europe/Berlin",
        given: &["Jürgen", "Käthe", "Björn", "Annelie", "Götz", "Ulrike"],
        surnames: &["Großmann", "Müller", "Schäfer", "Vogt", "Köhler", "Weiß"],
    },
    Culture {
        locale: "fr-FR",
        time_zone: "Europe/Paris",
        given: &["Hélène", "François", "Noémie", "Gaël", "Zoé", "Benoît"],
        surnames: &["Lefèvre", "Béranger", "Garçon", "Moreau", "Dubois", "Prévost"],
    },
    Culture {
        locale: "pt-BR",
        time_zone: "America/Sao_Paulo",
        given: &["João", "Luíza", "Caetano", "Thaís", "Márcio", "Flávia"],
        surnames: &["Gonçalves", "Araújo", "Simões", "Teixeira", "Brandão", "Nascimento"],
    },
    Culture {
        locale: "pl-PL",
        time_zone: "Europe/Warsaw",
        given: &["Łukasz", "Małgorzata", "Paweł", "Zofia", "Grażyna", "Wojciech"],
        surnames: &["Wiśniewski", "Zając", "Błaszczyk", "Nowak", "Dąbek", "Król"],
    },
    Culture {
        locale: "sv-SE",
        time_zone: "Europe/Stockholm",
        given: &["Åsa", "Göran", "Linnéa", "Håkan", "Märta", "Emil"],
        surnames: &["Öberg", "Sjöström", "Lindqvist", "Åkesson", "Nyström", "Ek"],
    },
    Culture {
        locale: "tr-TR",
        time_zone: "Europe/Istanbul",
        given: &["Ayşe", "Çağlar", "Gökhan", "Elif", "Işıl", "Ömer"],
        surnames: &["Yıldız", "Şahin", "Öztürk", "Koç", "Güneş", "Aydın"],
    },
    Culture {
        locale: "ja-JP",
        time_zone: "Asia/Tokyo",
        given: &["Haruka", "Kenji", "Yūko", "Shōta", "Naomi", "Ryō"],
        surnames: &["Satō", "Watanabe", "Kōno", "Fujimoto", "Ōta", "Ishikawa"],
    },
    Culture {
        locale: "hi-IN",
        time_zone: "Asia/Kolkata",
        given: &["Ananya", "Rohan", "Kavita", "Vikram", "Meera", "Arjun"],
        surnames: &["Chatterjee", "Iyer", "Deshpande", "Kulkarni", "Mehta", "Nair"],
    },
    Culture {
        locale: "vi-VN",
        time_zone: "Asia/Ho_Chi_Minh",
        given: &["Thảo", "Đức", "Hương", "Minh", "Tuấn", "Ngọc"],
        surnames: &["Nguyễn", "Trần", "Phạm", "Đặng", "Lê", "Võ"],
    },
    Culture {
        locale: "en-NG",
        time_zone: "Africa/Lagos",
        given: &["Chidinma", "Olúwaṣeun", "Ngozi", "Tunde", "Amaka", "Ìbùkún"],
        surnames: &["Adéyemí", "Okonkwo", "Balogun", "Eze", "Ògúnlẹ̀yẹ", "Nwosu"],
    },
];

/// Domain of the guests' own organisation.
const GUEST_DOMAIN: &str = "tideline-partners.example";
/// Fewer people than this have no guest among them.
const SMALLEST_WITH_GUEST: usize = 3;

/// `count` people; the last is a guest when there are at least three.
pub(super) fn people(chance: &mut Chance, domain: &str, count: usize) -> Vec<PersonSpec> {
    let mut taken = HashSet::new();
    (1..=count)
        .filter_map(|nth| {
            let guest = nth == count && count >= SMALLEST_WITH_GUEST;
            person(chance, domain, guest, &mut taken)
        })
        .collect()
}

fn person(chance: &mut Chance, domain: &str, guest: bool, taken: &mut HashSet<String>) -> Option<PersonSpec> {
    let culture = chance.pick(CULTURES)?;
    let (given, surname) = (*chance.pick(culture.given)?, *chance.pick(culture.surnames)?);
    let mailbox = mailbox(given, surname, taken);
    let (email, upn) = if guest {
        let invited = format!("{mailbox}_{GUEST_DOMAIN}#EXT#@{domain}");
        (format!("{mailbox}@{GUEST_DOMAIN}"), invited)
    } else {
        (format!("{mailbox}@{domain}"), format!("{mailbox}@{domain}"))
    };
    Some(PersonSpec {
        id: chance.guid(),
        given_name: given.to_owned(),
        surname: surname.to_owned(),
        email,
        user_principal_name: upn,
        locale: culture.locale.to_owned(),
        time_zone: culture.time_zone.to_owned(),
        guest,
        bots: Vec::new(),
    })
}

/// `given.surname` in plain letters, with a number when somebody has it already.
fn mailbox(given: &str, surname: &str, taken: &mut HashSet<String>) -> String {
    let plain = format!("{}.{}", plain(given), plain(surname));
    let mut name = plain.clone();
    // The number starts near the number of people, so that large worlds do not try every one.
    let mut number = if taken.contains(&name) { taken.len().max(2) } else { 2 };
    while !taken.insert(name.clone()) {
        name = format!("{plain}{number}");
        number += 1;
    }
    name
}

fn plain(name: &str) -> String {
    name.to_lowercase().chars().filter_map(plain_letter).collect()
}

fn plain_letter(letter: char) -> Option<char> {
    Some(match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ặ' | 'ả' | 'ạ' | 'ầ' | 'ấ' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'đ' => 'd',
        'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ẹ' | 'ễ' | 'ế' | 'ề' => 'e',
        'ğ' => 'g',
        'í' | 'ì' | 'î' | 'ï' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' => 'n',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ō' | 'ọ' | 'ơ' => 'o',
        'ś' | 'ş' | 'ß' | 'ṣ' => 's',
        'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ư' | 'ứ' | 'ừ' | 'ữ' | 'ử' | 'ự' => 'u',
        'ź' | 'ż' => 'z',
        plain if plain.is_ascii_alphanumeric() => plain,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_mailbox_in_plain_letters() {
        for culture in CULTURES {
            for name in culture.given.iter().chain(culture.surnames) {
                let letters = name.chars().filter(|letter| letter.is_alphabetic()).count();
                assert_eq!(plain(name).len(), letters, "{name}");
            }
        }
    }

    #[test]
    fn addresses_are_unique_and_the_last_of_three_is_the_guest() {
        let people = people(&mut Chance::new(1), "harbor.example", 2_000);
        let addresses: HashSet<_> = people.iter().map(|person| &person.email).collect();
        assert_eq!(addresses.len(), 2_000);
        assert_eq!(people.iter().filter(|person| person.guest).count(), 1);
        for few in 0..3 {
            let people = super::people(&mut Chance::new(1), "harbor.example", few);
            assert_eq!((people.len(), people.iter().any(|person| person.guest)), (few, false));
        }
    }
}
