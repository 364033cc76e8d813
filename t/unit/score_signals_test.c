/* One message for each signal and language: a row of the table of signals
 * without a test here fails the last check. */
#include "../../src/score/features.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *signal;
    const char *text;
} row_t;

static const row_t rows[] = {
    { "safety", "There is smoke coming out of it and my son is injured" },
    { "safety", "Es riecht nach Gas, wir haben Angst" },
    { "safety", "Hay una fuga de gas en el edificio" },
    { "safety", "Il y a une fuite de gaz dans l'immeuble" },
    { "safety", "C'è una fuga di gas in casa" },
    { "safety", "Tem um vazamento de gás no prédio" },
    { "aid", "We need water and food, the children are hungry" },
    { "aid", "Wir brauchen Wasser und haben keine Heizung" },
    { "aid", "Necesitamos agua y comida" },
    { "aid", "Nous avons besoin de nourriture et d'eau" },
    { "aid", "Siamo senza acqua da ieri" },
    { "aid", "Estamos sem água e precisamos de comida" },
    { "stranded", "I am stranded in Boston" },
    { "stranded", "Wir sind am Flughafen gestrandet" },
    { "stranded", "Estamos varados en el aeropuerto" },
    { "stranded", "Nous sommes bloqués à la gare" },
    { "stranded", "Siamo rimasti bloccati in stazione" },
    { "stranded", "Estou preso no aeroporto" },
    { "fraud", "There are charges on my card that I don't recognise" },
    { "fraud", "Unbekannte Abbuchung, das ist Betrug" },
    { "fraud", "Hay un cargo que no reconozco" },
    { "fraud", "Je suis victime d'une arnaque" },
    { "fraud", "Mi hanno clonato la carta" },
    { "fraud", "Meu cartão foi clonado" },
    { "stolen", "My wallet was stolen" },
    { "stolen", "Meine Karte wurde gestohlen" },
    { "stolen", "Me robaron la tarjeta" },
    { "stolen", "On m'a volé ma carte" },
    { "stolen", "Mi hanno rubato il telefono" },
    { "stolen", "Fui roubado e levaram o celular" },
    { "breach", "This looks like a data breach" },
    { "breach", "Wir melden einen Sicherheitsvorfall" },
    { "breach", "Hubo una filtración de datos" },
    { "breach", "Il y a eu une fuite de données" },
    { "breach", "C'è stata una violazione dei dati" },
    { "breach", "Houve um vazamento de dados" },
    { "money_gone", "My money is gone" },
    { "money_gone", "Mein Geld ist weg" },
    { "money_gone", "Desapareció el dinero de mi cuenta" },
    { "money_gone", "Mon compte a été débité de 200 euros" },
    { "money_gone", "I soldi sono spariti dal conto" },
    { "money_gone", "O dinheiro sumiu da minha conta" },
    { "card_kept", "The ATM swallowed my card" },
    { "card_kept", "Der Geldautomat hat meine Karte eingezogen" },
    { "card_kept", "El cajero se tragó mi tarjeta" },
    { "card_kept", "Le distributeur a avalé ma carte" },
    { "card_kept", "Il bancomat ha trattenuto la carta" },
    { "card_kept", "O caixa eletrônico engoliu meu cartão" },
    { "blocked", "My account has been locked" },
    { "blocked", "Mein Konto wurde gesperrt" },
    { "blocked", "Mi cuenta está bloqueada" },
    { "blocked", "Mon compte est bloqué" },
    { "blocked", "Il mio conto è stato bloccato" },
    { "blocked", "Minha conta foi bloqueada" },
    { "outage", "The internet is down again" },
    { "outage", "Wir haben einen Totalausfall im Netz" },
    { "outage", "No funciona nada, estamos sin servicio" },
    { "outage", "Ça ne fonctionne plus, pas de réseau" },
    { "outage", "Siamo senza linea e non funziona niente" },
    { "outage", "Estou sem internet e o sistema caiu" },
    { "cancelled", "You cancelled our train" },
    { "cancelled", "Der Flug wurde storniert" },
    { "cancelled", "Cancelaron mi vuelo" },
    { "cancelled", "Mon vol est annulé" },
    { "cancelled", "Il mio volo è stato cancellato" },
    { "cancelled", "Meu voo foi cancelado" },
    { "delayed", "The plane is delayed" },
    { "delayed", "Wieder Verspätung bei der Bahn" },
    { "delayed", "El tren lleva retraso" },
    { "delayed", "Le train est en retard" },
    { "delayed", "Il treno è in ritardo" },
    { "delayed", "O voo está atrasado" },
    { "missed", "We missed our connection" },
    { "missed", "Ich habe den Anschluss verpasst" },
    { "missed", "Perdí mi vuelo por esto" },
    { "missed", "J'ai raté mon avion" },
    { "missed", "Ho perso il volo" },
    { "missed", "Perdi meu voo" },
    { "lost", "You lost my luggage" },
    { "lost", "Mein Koffer ist verschwunden" },
    { "lost", "Perdieron mi maleta" },
    { "lost", "Mon colis est perdu" },
    { "lost", "Avete perso il mio bagaglio" },
    { "lost", "Extraviaram minha mala" },
    { "damaged", "The screen arrived cracked" },
    { "damaged", "Die Ware ist kaputt" },
    { "damaged", "El producto llegó roto" },
    { "damaged", "Le produit est cassé" },
    { "damaged", "Il prodotto è rotto" },
    { "damaged", "O produto veio quebrado" },
    { "not_received", "I have not received my order" },
    { "not_received", "Ich habe die Ware noch nicht erhalten" },
    { "not_received", "No he recibido el pedido" },
    { "not_received", "Je n'ai toujours pas reçu la commande" },
    { "not_received", "Non ho ricevuto il pacco" },
    { "not_received", "Ainda não recebi o pedido" },
    { "wrong_charge", "I was charged twice" },
    { "wrong_charge", "Ihr habt doppelt abgebucht" },
    { "wrong_charge", "Me cobraron dos veces" },
    { "wrong_charge", "J'ai été débité deux fois" },
    { "wrong_charge", "Mi avete addebitato due volte" },
    { "wrong_charge", "Vocês cobraram duas vezes" },
    { "repeated", "This is the third time I ask" },
    { "repeated", "Ich habe schon mehrfach geschrieben" },
    { "repeated", "Otra vez lo mismo con ustedes" },
    { "repeated", "J'ai déjà appelé plusieurs fois" },
    { "repeated", "Ho già chiamato più volte" },
    { "repeated", "Já liguei varias vezes" },
    { "unanswered", "Nobody answers the phone" },
    { "unanswered", "Niemand antwortet auf meine Mail" },
    { "unanswered", "Nadie me responde el teléfono" },
    { "unanswered", "Personne ne répond au téléphone" },
    { "unanswered", "Nessuno risponde al telefono" },
    { "unanswered", "Ninguém responde no chat" },
    { "duration", "I have been waiting for 3 weeks" },
    { "duration", "Ich warte seit 3 Wochen auf euch" },
    { "duration", "Llevo 3 horas aquí" },
    { "duration", "J'attends depuis 3 heures" },
    { "duration", "Aspetto da 3 ore" },
    { "duration", "Estou esperando há 3 dias" },
    { "immediacy", "I need this resolved right now" },
    { "immediacy", "Bitte dringend melden" },
    { "immediacy", "Es urgente por favor" },
    { "immediacy", "C'est urgent merci" },
    { "immediacy", "È urgente per me" },
    { "immediacy", "É urgente para mim" },
    { "soon", "It leaves in 20 minutes" },
    { "soon", "Ich brauche es bis morgen" },
    { "soon", "Sale en una hora" },
    { "soon", "Je pars demain" },
    { "soon", "Parto domani" },
    { "soon", "Eu viajo amanhã" },
    { "vulnerable", "I am here with my two kids" },
    { "vulnerable", "Meine Mutter sitzt im Rollstuhl" },
    { "vulnerable", "Estoy con mi bebé" },
    { "vulnerable", "Je suis avec mes enfants" },
    { "vulnerable", "Sono con i miei bambini" },
    { "vulnerable", "Estou com meu bebê" },
    { "legal_threat", "You will hear from my lawyer" },
    { "legal_threat", "Ich gehe zum Anwalt" },
    { "legal_threat", "Voy a poner una denuncia" },
    { "legal_threat", "Je vais porter plainte" },
    { "legal_threat", "Mi rivolgo al mio avvocato" },
    { "legal_threat", "Vou ao Procon com isso" },
    { "press_threat", "I will go to the press with this" },
    { "press_threat", "Ich gehe damit an die Presse" },
    { "press_threat", "Lo sabrá la prensa" },
    { "press_threat", "Je contacte la presse" },
    { "press_threat", "Chiamo la stampa" },
    { "press_threat", "Vou chamar a imprensa" },
    { "leaving", "I will never use you again" },
    { "leaving", "Ich kündige meinen Vertrag" },
    { "leaving", "Nunca más compro con ustedes" },
    { "leaving", "Plus jamais chez vous" },
    { "leaving", "Mai più con voi" },
    { "leaving", "Nunca mais compro com vocês" },
    { "plea", "Please help me" },
    { "plea", "Bitte helfen Sie mir" },
    { "plea", "Necesito ayuda por favor" },
    { "plea", "Aidez moi s'il vous plaît" },
    { "plea", "Ho bisogno di aiuto" },
    { "plea", "Preciso de ajuda por favor" },
    { "severity", "This is a critical failure" },
    { "severity", "Das ist ein schwerwiegendes Problem" },
    { "severity", "Es un problema grave" },
    { "severity", "C'est très grave" },
    { "severity", "È un problema grave per noi" },
    { "severity", "É um problema grave" },
    { "impact", "It affects all users in our company" },
    { "impact", "Alle Nutzer sind betroffen" },
    { "impact", "No podemos trabajar así" },
    { "impact", "Tous nos clients attendent" },
    { "impact", "Non possiamo lavorare così" },
    { "impact", "Não podemos trabalhar assim" },
    { "problem", "There is an error on the page" },
    { "problem", "Es gibt ein Problem mit der Seite" },
    { "problem", "Hay un error en la página" },
    { "problem", "Il y a un problème avec la page" },
    { "problem", "C'è un problema con la pagina" },
    { "problem", "Tem um problema na página" },
    { "complaint", "This is the worst service" },
    { "complaint", "Das ist eine Frechheit" },
    { "complaint", "Es una vergüenza lo que hacen" },
    { "complaint", "C'est une honte" },
    { "complaint", "È una vergogna per voi" },
    { "complaint", "É um absurdo isso" },
    { "rudeness", "Your agent was rude" },
    { "rudeness", "Der Mitarbeiter war sehr unfreundlich" },
    { "rudeness", "El empleado fue un grosero" },
    { "rudeness", "Votre agent est désagréable" },
    { "rudeness", "Il vostro operatore è maleducato" },
    { "rudeness", "O atendente foi grosseiro" },
    { "upset", "I am so disappointed" },
    { "upset", "Ich bin sehr enttäuscht" },
    { "upset", "Estoy muy decepcionado" },
    { "upset", "Je suis très déçu" },
    { "upset", "Sono molto deluso" },
    { "upset", "Estou muito decepcionado" },
    { "swearing", "wtf is this" },
    { "swearing", "So eine Scheiße" },
    { "swearing", "Esto es una mierda" },
    { "swearing", "C'est de la merde" },
    { "swearing", "Che merda di servizio" },
    { "swearing", "Que merda é essa" },
    { "refund", "I want a refund" },
    { "refund", "Ich will eine Erstattung" },
    { "refund", "Quiero un reembolso" },
    { "refund", "Je veux un remboursement" },
    { "refund", "Voglio un rimborso" },
    { "refund", "Eu quero meu reembolso" },
    { "travel", "at the airport" },
    { "travel", "Ich bin am Flughafen" },
    { "travel", "Estoy en el aeropuerto" },
    { "travel", "Je suis à l'aéroport" },
    { "travel", "Sono in aeroporto" },
    { "travel", "Estou no aeroporto" },
    { "question", "What are your opening hours?" },
    { "question", "Wann habt ihr geöffnet?" },
    { "question", "¿Cuándo abren ustedes?" },
    { "question", "Quels sont vos horaires ?" },
    { "question", "Quali sono gli orari?" },
    { "question", "Qual é o horário de vocês?" },
    { "inquiry", "I would like to know more about your plans" },
    { "inquiry", "Ich hätte gerne weitere Informationen" },
    { "inquiry", "Quiero más información por favor" },
    { "inquiry", "Je voudrais un devis" },
    { "inquiry", "Vorrei un preventivo" },
    { "inquiry", "Eu quero um orçamento" },
    { "suggestion", "It would be nice if you had a dark mode" },
    { "suggestion", "Ein Vorschlag für die App" },
    { "suggestion", "Tengo una sugerencia para ustedes" },
    { "suggestion", "J'ai une suggestion pour vous" },
    { "suggestion", "Ho un suggerimento per voi" },
    { "suggestion", "Tenho uma sugestão para vocês" },
    { "thanks", "Thank you" },
    { "thanks", "Vielen Dank euch" },
    { "thanks", "Muchas gracias" },
    { "thanks", "Merci beaucoup à vous" },
    { "thanks", "Grazie mille" },
    { "thanks", "Obrigado por tudo" },
    { "praise", "Great service, I love it" },
    { "praise", "Ein super Service, ich bin begeistert" },
    { "praise", "Excelente atención, me encanta" },
    { "praise", "Votre équipe est formidable" },
    { "praise", "Siete bravissimi, complimenti" },
    { "praise", "Vocês são maravilhosos" },
    { "resolved", "It works now, all good" },
    { "resolved", "Es hat sich erledigt, alles gut" },
    { "resolved", "Ya funciona, todo bien" },
    { "resolved", "Le problème est résolu" },
    { "resolved", "Il problema è stato risolto" },
    { "resolved", "O problema foi resolvido" },
    { "no_hurry", "No rush, whenever you can" },
    { "no_hurry", "Das hat keine Eile" },
    { "no_hurry", "No es urgente, cuando puedan" },
    { "no_hurry", "Ce n'est pas urgent, prenez votre temps" },
    { "no_hurry", "Non c'è fretta, con calma" },
    { "no_hurry", "Sem pressa, quando puderem" },
    { "laughter", "lol you are too much" },
    { "laughter", "haha ihr seid mir welche" },
    { "laughter", "jajaja que cosas tienen ustedes" },
    { "laughter", "mdr vous êtes forts" },
    { "laughter", "ahahah che storia" },
    { "laughter", "kkkk que isso" },
    { "greeting", "Happy birthday to all of you" },
    { "greeting", "Frohe Weihnachten euch allen" },
    { "greeting", "Feliz Navidad para todos" },
    { "greeting", "Joyeux Noël à vous" },
    { "greeting", "Buon Natale a tutti" },
    { "greeting", "Feliz Natal para todos" },
    { "small_talk", "retweet to enter the giveaway" },
    { "small_talk", "Ich mache beim Gewinnspiel mit" },
    { "small_talk", "Participo en el sorteo" },
    { "small_talk", "Je participe au concours" },
    { "small_talk", "Partecipo al concorso" },
    { "small_talk", "Quero participar do sorteio" },
    { "promotion", "Limited offer, click here to claim your prize" },
    { "promotion", "Jetzt kaufen und gratis testen, nur für euch" },
    { "promotion", "Gana dinero desde casa con bitcoin" },
    { "promotion", "Cliquez ici, vous avez gagné un cadeau" },
    { "promotion", "Hai vinto un premio, clicca qui" },
    { "promotion", "Clique aqui e ganhe um prêmio, só para você" },
    { "first_person", "my order" },
    { "first_person", "Ich und mein Hund" },
    { "first_person", "Es mi pedido" },
    { "first_person", "C'est ma commande" },
    { "first_person", "È il mio ordine" },
    { "first_person", "É o meu pedido" },
    { "second_person", "are you there" },
    { "second_person", "Seid ihr da, ich frage euch" },
    { "second_person", "Les escribo a ustedes" },
    { "second_person", "Je vous écris" },
    { "second_person", "Vi scrivo perché siete bravi" },
    { "second_person", "Eu escrevo para vocês" },
    { "negation", "it is not there" },
    { "negation", "Es ist nicht da" },
    { "negation", "No está en la caja" },
    { "negation", "Il n'est pas là" },
    { "negation", "Non è nella scatola" },
    { "negation", "Não está na caixa" },
    { "length", "a few words that say something" },
    { "capitals", "WHERE ARE THEY" },
    { "exclamation", "hey!" },
    { "question_mark", "hey?" },
    { "clock_time", "at 10:30" },
    { "clock_time", "at 5pm" },
    { "date", "on 24.12.2026" },
    { "date", "on 12/24" },
    { "amount", "it was $20" },
    { "amount", "es waren 20 €" },
    { "reference", "order #100234" },
    { "reference", "flight AB1234" },
    { "stretched", "pleaseee" },
    { "happy_face", "\xF0\x9F\x98\x8D" },
    { "angry_face", "\xF0\x9F\x98\xA1" },
    { "alarm_sign", "\xF0\x9F\x86\x98" },
    { "link", "see https://example.org/x" },
    { "handles", "@one and @two" },
};

static bool is_tested[TRIAGE_SIGNAL_COUNT];
static triage_features_t features;

static void
read_text(const triage_scorer_t *scorer, const char *text, int64_t stars)
{
    triage_message_t message;

    memset(&message, 0, sizeof(message));
    message.text = triage_text_of(text);
    message.stars = stars;
    triage_features_read(scorer, &message, &features);
}

static void
try_row(const triage_scorer_t *scorer, const row_t *row)
{
    int signal = triage_signal_find(triage_text_of(row->signal));
    char what[256];

    snprintf(what, sizeof(what), "%s: %s", row->signal, row->text);
    if (!ok(signal != TRIAGE_NO_SIGNAL, what)) {
        return;
    }
    is_tested[signal] = true;
    read_text(scorer, row->text, TRIAGE_UNKNOWN);
    ok(features.hits[signal] > 0, what);
}

static void
try_ratings(const triage_scorer_t *scorer)
{
    read_text(scorer, "", 1);
    ok(features.hits[TRIAGE_LOW_RATING] == 2, "one star is low, twice");
    read_text(scorer, "", 3);
    ok(features.hits[TRIAGE_LOW_RATING] == 0
           && features.hits[TRIAGE_HIGH_RATING] == 0,
       "three stars say nothing");
    read_text(scorer, "", 5);
    ok(features.hits[TRIAGE_HIGH_RATING] == 2, "five stars are high, twice");
    is_tested[TRIAGE_LOW_RATING] = true;
    is_tested[TRIAGE_HIGH_RATING] = true;
}

int
main(void)
{
    const char *why;
    triage_scorer_t *scorer = triage_scorer_open(triage_no_text, &why);
    size_t i;

    if (!ok(scorer != NULL, "the built-in scorer opens")) {
        return done_testing();
    }
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        try_row(scorer, &rows[i]);
    }
    try_ratings(scorer);
    for (i = 0; i < TRIAGE_SIGNAL_COUNT; i++) {
        ok(is_tested[i] && triage_signals[i].name != NULL,
           triage_signals[i].name);
    }
    read_text(scorer, "", TRIAGE_UNKNOWN);
    for (i = 0; i < TRIAGE_PHRASE_SIGNALS; i++) {
        ok(features.hits[i] == 0, "nothing is found in nothing");
    }
    triage_scorer_close(scorer);
    return done_testing();
}
