/** Where one is in a document, and how one looks at it. */

/** A place in a document: a 1-based page, and the passage on it in code points, with its words where they are known. */
export type Place = Readonly<{ document: string; page: number; start: number; end: number; quote: string }>;

/** The page as it looks, or its text; only a PDF has the first. */
export type View = "picture" | "text";

export type Where = Readonly<{ page: number; view: View }>;
