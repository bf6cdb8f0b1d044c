/** Words for people that every room may use. It depends on nothing. */
package dev.vitrine.text;
