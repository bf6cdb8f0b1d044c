/**
 * In which order uploads and deletions were accepted, whichever process took them: each gets a version here. The rule is in
 * docs/decisions/0014-order-without-clocks.md.
 */
package dev.vitrine.intake.version;
