/**
 * The HTTP server and what every request passes: the gate, receiving bodies, forms, problems, answers. It knows nothing
 * of pictures, products or jobs, and no other room but {@code reload}, whose entrance the gate is.
 */
package dev.vitrine.http;
