// A leaf.

/** One. */
export const LEAF = 1;
