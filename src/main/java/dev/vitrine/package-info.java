/** Vitrine: product pictures in, a searchable vector index out. */
package dev.vitrine;
