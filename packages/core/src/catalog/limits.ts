/*
 * An origin's item of a product, with all of these at their limits, three bytes a character and clocks of eight
 * origins, stays below DynamoDB's 400 KB; so does a conflict of any one field with eight siblings.
 */

/** Characters; a listing shows two lines. */
export const titleCharsMax = 200;
/** Characters; some four printed pages. */
export const descriptionCharsMax = 10_000;
/** Pictures and films of one product. */
export const mediaMax = 20;
/** Characters, ASCII as addresses are. */
export const mediaUrlCharsMax = 1_000;
/** Characters; screen readers read it out. */
export const mediaAltCharsMax = 200;
/** Each may have a price in each currency. */
export const variantsMax = 100;
/** Characters, for example `Black / XL`. */
export const variantTitleCharsMax = 100;
/** In the currency's minor unit; times 99 units of a line and hundreds of lines it is still an exact integer. */
export const amountMinorMax = 99_999_999_999;

/** Printable ASCII without spaces, double quotes or angle brackets; anything else is percent-encoded in an address. */
export const mediaUrlPattern = "^[!#-;=?-~]+$";
