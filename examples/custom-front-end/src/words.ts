// The few words that are not the API's: labels, hints, titles and refusals come from there.

const WORDS = {
  fr: {
    other: "English",
    required: "Les champs marqués d'un astérisque (*) sont à remplir.",
    missing: "Ce champ est à remplir.",
    choose: "Choisir…",
    unreachable: "Le service ne répond pas. Réessayez dans un instant.",
    signOut: "Se déconnecter",
    users: "Mes utilisateurs",
    create: "Créer un utilisateur",
    created: "L'utilisateur est créé : deux messages partent, l'identifiant et le mot de passe provisoire.",
    closed: "Le compte est clos, ou le sera à la date indiquée.",
    close: "Clore",
    back: "Retour à la liste",
    columns: ["Nom", "Adresse mail", "Identifiant", "Statut", "Groupes", "Actions"],
    none: "Aucun utilisateur trouvé.",
    next: "Page suivante",
  },
  en: {
    other: "Français",
    required: "Fields marked with an asterisk (*) must be filled in.",
    missing: "Fill in this field.",
    choose: "Choose…",
    unreachable: "The service does not answer. Try again in a moment.",
    signOut: "Sign out",
    users: "My users",
    create: "Create a user",
    created: "The user is created: two messages leave, the login and the provisional password.",
    closed: "The account is closed, or will be on that day.",
    close: "Close",
    back: "Back to the list",
    columns: ["Name", "E-mail address", "Login", "Status", "Groups", "Actions"],
    none: "No user was found.",
    next: "Next page",
  },
} as const;

type Language = keyof typeof WORDS;

export const language = (): Language => (document.documentElement.lang === "en" ? "en" : "fr");
export const words = (): (typeof WORDS)[Language] => WORDS[language()];

/** Speak the language chosen last, or the browser's. */
export function recall(): void {
  document.documentElement.lang = localStorage.getItem("language") ?? navigator.language.slice(0, 2);
  document.documentElement.lang = language();
}

export function switchLanguage(): void {
  document.documentElement.lang = language() === "fr" ? "en" : "fr";
  localStorage.setItem("language", language());
}
