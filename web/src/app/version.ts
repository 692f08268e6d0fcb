/** Which build of the page this is: the hash in the name of the file that it starts from. */
export const BUILD = /-([\w-]{8})\.js$/u.exec(import.meta.url)?.[1] ?? "unbuilt";
