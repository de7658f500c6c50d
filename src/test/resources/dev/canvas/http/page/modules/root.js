import { BRANCH } from "./branch.js";
import { LEAF } from "./leaf.js";

export const ROOT = LEAF + BRANCH; // 3
