//! Mailboxes of a function, not of a person.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::email_key;
use crate::core::name::{PersonName, fold};

/// What they are called (RFC 2142 and common usage), without hyphens and in ASCII, by language.
const ROLES: &str = "
    abuse accounting accounts admin billing booking bookings careers company contact customerservice desk
    enquiries enquiry events feedback frontdesk general headoffice hello help helpdesk hostmaster hr info
    information inquiries jobs legal mail mailbox marketing media news newsletter noreply donotreply office
    orders postmaster press privacy purchasing reception recruiting reservations root sales secretary security
    service shop staff support team tickets webmaster welcome
    anfrage anfragen anmeldung auskunft bestellung bestellungen bewerbung buchhaltung buero buro dienst
    einkauf empfang geschaeftsstelle geschaftsstelle hausverwaltung kanzlei kasse kontakt kundendienst
    kundenservice leitung mitglieder post poststelle praxis praesidium presse redaktion rechnung
    rechnungen reservierung rezeption schulleitung sekretariat service termin termine verein verkauf vertrieb
    verwaltung vorstand werkstatt zentrale
    gaestehaus gemeinde gemeindebuero gemeindeverwaltung hallo hotel kindergarten kita museum musikschule nachricht
    personal personalabteilung pfarrbuero pfarramt rathaus restaurant schule schulverwaltung servus stadtverwaltung studio
    theater touristinfo willkommen
    accueil administration bonjour boutique bureau cabinet commande commandes commercial communication
    compta comptabilite contactez courrier direction facturation gestion inscription inscriptions mairie
    rdv recrutement redaction renseignements reservation reservas rh secretariat serviceclient ventes
    administracion administrador atencion atencionalcliente ayuda cita citas clientes compras comunicacion
    contabilidad contacto correo direccion empleo facturacion hola informacion oficina pedidos prensa
    recepcion recursoshumanos rrhh secretaria soporte tienda ventas
    acquisti amministrazione assistenza ciao clienti commerciale comunicazione contabilita contatti contatto
    direzione fatturazione fatture informazioni negozio ordini posta prenotazioni presidenza reclami redazione
    ricevimento segreteria servizioclienti stampa ufficio vendite
    aanmelden aanmelding administratie afspraak afspraken bestelling bestellingen bestuur boekhouding contact
    directie facturen inkoop inlichtingen kantoor klantenservice ledenadministratie onthaal receptie
    redactie reserveren reserveringen secretariaat verkoop vragen welkom winkel
    administracao ajuda apoio assistencia atendimento clientes comercial compras contabilidade contato
    contatos direcao encomendas escritorio faturacao faturamento financeiro geral imprensa informacoes
    loja marcacoes ola pedidos recepcao recrutamento sac secretaria suporte vendas
";

static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| ROLES.split_whitespace().collect());

/// Those of them that stand before the name of a place or a department: `info.berlin`, `office-wien`. None is a name.
const BEFORE_PLACES: [&str; 27] = [
    "accueil",
    "bestellung",
    "booking",
    "bookings",
    "buchhaltung",
    "buero",
    "buro",
    "contact",
    "contacto",
    "empfang",
    "hr",
    "info",
    "information",
    "jobs",
    "kontakt",
    "office",
    "orders",
    "presse",
    "reception",
    "reservierung",
    "rezeption",
    "sales",
    "sekretariat",
    "service",
    "support",
    "vertrieb",
    "verwaltung",
];

/// Whether an address belongs to a function (`info@…`) and so tells nothing about a person.
///
/// A word of a function and a place belong to one, if the word comes first: `info.berlin@…`. Behind a name it is
/// somebody's at work (`anna.office@…`).
#[must_use]
pub fn is_role_address(address: &str) -> bool {
    is_role_beside(address, &PersonName::default())
}

/// Whether an address belongs to a function and not to somebody of this name: `info.kern@…` may be Anna Kern's own.
pub(super) fn is_role_beside(address: &str, name: &PersonName) -> bool {
    let key = email_key(address);
    let local = key.split('@').next().unwrap_or("").split('+').next().unwrap_or("");
    // büro@… is written as buero@… and as buro@….
    let folded = |text: &str| fold(&text.replace(SEPARATORS, ""));
    if WORDS.contains(folded(local).as_str()) {
        return true;
    }
    let Some((role, place)) = local.split_once(SEPARATORS) else { return false };
    let is_theirs = |word: &str| place.split(SEPARATORS).any(|part| fold(part) == word);
    BEFORE_PLACES.contains(&folded(role).as_str())
        && folded(place).chars().count() >= SHORTEST_PLACE
        && !name.key().split(' ').any(is_theirs)
}

/// What stands between the words of an address.
const SEPARATORS: [char; 3] = ['-', '_', '.'];

/// Fewer letters are as likely somebody's initials.
const SHORTEST_PLACE: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_has_an_address_in_every_language_and_a_person_another_one() {
        for role in [
            "info",
            "no-reply",
            "sekretariat",
            "buero",
            "büro",
            "vertrieb",
            "contacto",
            "rezeption",
            "empfang",
            "verwaltung",
            "accueil",
            "secretariat",
            "ventas",
            "segreteria",
            "kantoor",
            "vendas",
            "Atención",
            "kunden-service",
            "info+x",
            "hallo",
            "pfarramt",
            "gemeinde",
            "schule",
            "hotel",
            "studio",
            "personal",
            "info.berlin",
            "info-hamburg",
            "office.wien",
            "Büro_Köln",
            "info.bad-toelz",
        ] {
            assert!(is_role_address(&format!("{role}@firm.example")), "{role}");
        }
        for person in [
            "anna",
            "rosa",
            "post.anna",
            "anna.info",
            "maria",
            "a",
            "",
            "sales7",
            "anna.schule",
            "max.office",
            "schule.anna",
            "office.mk",
            "rosa.hotel",
            "infos",
        ] {
            assert!(!is_role_address(&format!("{person}@firm.example")), "{person}");
        }
        for (address, name, expected) in [
            ("info.kern@a.example", "Anna Kern", false),
            ("info.anna-kern@a.example", "Anna Kern", false),
            ("info.berlin@a.example", "Anna Kern", true),
            ("info@kern.example", "Anna Kern", true),
            ("info.kern@a.example", "Anna Kernberg", true),
            ("info.kern@a.example", "", true),
        ] {
            assert_eq!(is_role_beside(address, &PersonName::of_text(name)), expected, "{address} of {name}");
        }
    }
}
