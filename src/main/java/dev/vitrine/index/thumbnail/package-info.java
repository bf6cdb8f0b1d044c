/** Small pictures for people, as files beside the index. Knows neither pictures nor the index; it keeps bytes. */
package dev.vitrine.index.thumbnail;
