//! Mailboxes of a function, not of a person.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::email_key;
use crate::core::name::fold;

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

/// Whether an address belongs to a function (`info@…`) and so tells nothing about a person.
#[must_use]
pub fn is_role_address(address: &str) -> bool {
    let key = email_key(address);
    let local = key.split('@').next().unwrap_or("");
    let local: String =
        local.split('+').next().unwrap_or("").chars().filter(|c| !"-_.".contains(*c)).collect();
    // büro@… is written as buero@… and as buro@….
    WORDS.contains(fold(&local).as_str())
}

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
        ] {
            assert!(is_role_address(&format!("{role}@firm.example")), "{role}");
        }
        for person in ["anna", "rosa", "post.anna", "anna.info", "maria", "a", "", "sales7"] {
            assert!(!is_role_address(&format!("{person}@firm.example")), "{person}");
        }
    }
}
