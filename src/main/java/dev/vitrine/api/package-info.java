/**
 * What the routes of the HTTP API call: jobs, products, search, figures. Nothing here takes pictures in, and nothing
 * here knows of sockets or servers.
 */
package dev.vitrine.api;
