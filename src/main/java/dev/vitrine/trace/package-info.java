/**
 * Traces by OpenTelemetry, where an operator asks for them. Other rooms know what they tell it as interfaces of their own;
 * what is not traced costs them nothing.
 */
package dev.vitrine.trace;
