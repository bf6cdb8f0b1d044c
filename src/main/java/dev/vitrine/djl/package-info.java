/** The embedding step over camel-djl, for routes that want another DJL model; not used by default. See docs/djl.md. */
package dev.vitrine.djl;
