import { operationAgeMaxMs } from "../ids/operation-id.ts";

/** Operations and markers of one item (`n`): near 40 KB, so that a write costs tens of units and not hundreds. */
export const operationsPerItemMax = 500;

/**
 * Cancelled ids of one item, for changes that add something. Ids are never forgotten, and removals, ended checkouts and
 * catching up always pass: in the end one item holds the cancelled ids of all origins, with the operations that were
 * live in them. Of five origins, four regions and a second incarnation, that is 370 of the 400 KB that an item may have.
 */
export const cancelledPerItemMax = 1_500;

/** Markers of removals and merges in one item. Beyond, the oldest go: removals always pass, and leave room for adds. */
export const markersPerItemMax = 100;

/** The door takes an operation id for a day; twice that, since it may be asked by another region's clock. */
export const markerKeptMs = 2 * operationAgeMaxMs;

/** Operations copied, and as many dropped, by one write: an expression's text stays well below 4 KB. */
export const operationsPerWriteMax = 100;
