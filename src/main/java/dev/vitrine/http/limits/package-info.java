/** How often each caller may ask, over all processes that share a Redis, and by each process itself while that is away. */
package dev.vitrine.http.limits;
