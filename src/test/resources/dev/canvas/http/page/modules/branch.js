import { LEAF } from "./leaf.js";

/**
 * Two.
 */
export const BRANCH = LEAF + 1;
