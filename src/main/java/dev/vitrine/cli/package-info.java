/** The commands of {@code ./vitrine}. */
package dev.vitrine.cli;
