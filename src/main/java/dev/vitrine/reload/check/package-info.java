/** What is wrong with a route file, by line: checked without running it. */
package dev.vitrine.reload.check;
