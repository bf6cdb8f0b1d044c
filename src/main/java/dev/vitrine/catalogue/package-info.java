/** Whole catalogues: what shops export is read and brought into the index. */
package dev.vitrine.catalogue;
