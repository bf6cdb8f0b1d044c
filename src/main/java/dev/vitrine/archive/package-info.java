/** Every picture that was indexed, as it came, so that another model can embed it. Knows no index: others say what is still wanted. */
package dev.vitrine.archive;
