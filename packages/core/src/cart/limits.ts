/** Operations and markers of one item (`n`): near 40 KB, so that a write costs tens of units and not hundreds. */
export const operationsPerItemMax = 500;

/**
 * Cancelled ids of one item, for changes that add something. Ids are never forgotten, and 4,000 of them take 108 KB of
 * the 400 KB that an item may have: the rest is for what removals and ended checkouts must be able to add beyond it.
 */
export const cancelledPerItemMax = 4_000;

/** Markers of removals and merges in one item. Beyond, the oldest go: removals always pass, and leave room for adds. */
export const markersPerItemMax = 100;

/** The door refuses operation ids older than 24 hours; an hour more for regions whose clocks differ. */
export const markerKeptMs = 25 * 60 * 60 * 1000;

/** Operations copied, and as many dropped, by one write: an expression's text stays well below 4 KB. */
export const operationsPerWriteMax = 100;
