/** Server-sent events: what happens, told to whoever watches, for as long as they do. */
package dev.vitrine.http.events;
