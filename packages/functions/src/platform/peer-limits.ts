/**
 * ms for one read of a peer's table, all attempts and pages together: shoppers wait for it, and whoever takes two seconds for one
 * request in a hundred looks unwell to other regions (infra/alarms-evidence.ts).
 */
export const peerReadWithinMs = 1_600;
