/** Who may do what over HTTP: keys, their roles and collections, and what each request needs. */
package dev.vitrine.http.keys;
