//! Needs in other languages: the common forms.

/// Sentences with what is to be read from them.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("Un chatbot hébergé à Paris", "regions=eu-west-3"),
    (
        "Résumer des contrats de 300 pages, les données doivent rester en France",
        "residency=fr in=150000",
    ),
    (
        "Traduire 2 000 courriels par jour, moins de 50 dollars par mois",
        "cost=50/month volume=60000",
    ),
    ("Un assistant sans OpenAI, en temps réel", "exclude=openai latency=low prefers=fast"),
    ("Ein Chatbot für den Kundenservice in Frankfurt", "regions=eu-central-1"),
    ("Verträge zusammenfassen, die Daten müssen in Deutschland bleiben", "residency=de"),
    (
        "Die Daten dürfen die EU nicht verlassen, 500 Anfragen pro Tag beantworten",
        "residency=eu volume=15000",
    ),
    (
        "E-Mails übersetzen, höchstens 100 Dollar im Monat, ohne Anthropic",
        "cost=100/month exclude=anthropic",
    ),
    ("Um assistente hospedado em São Paulo", "regions=sa-east-1"),
    ("Resumir contratos, os dados não podem sair do Brasil", "residency=br"),
    ("Traduzir 300 documentos por dia com baixa latência", "volume=9000 latency=low prefers=fast"),
    ("Un chatbot ospitato a Milano", "regions=eu-south-1"),
    ("Riassumere contratti di 40 pagine, i dati devono restare in Italia", "residency=it in=20000"),
    ("東京リージョンのチャットボット", "regions=ap-northeast-1"),
    (
        "Nur Modelle von Mistral oder Cohere, OpenAI kommt nicht infrage: Briefe übersetzen",
        "providers=cohere,mistral exclude=openai",
    ),
    ("Trier des lettres depuis notre compte de Paris", "regions=eu-west-3"),
    (
        "Um assistente, os dados não saem do Brasil e nada de modelos da Meta",
        "residency=br exclude=meta",
    ),
    ("Classificare reclami, al massimo mezzo centesimo di dollaro a reclamo", "cost=0.005/request"),
];

#[test]
fn needs_in_other_languages_are_read() {
    super::check(SENTENCES, 90);
}
