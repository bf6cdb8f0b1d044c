/**
 * Requests to hosts that strangers name: only to those that the operator listed, and only to addresses that were checked.
 */
package dev.vitrine.http.outbound;
