/**
 * What the service is made of: a part has settings, opens, says which beans and properties it gives to routes and how its
 * health is seen, and closes. It depends on nothing.
 */
package dev.vitrine.part;
