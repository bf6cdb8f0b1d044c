/** Reads the catalogues that shops export, row by row: what is in a file, nothing of what becomes of it. */
package dev.vitrine.catalogue.read;
