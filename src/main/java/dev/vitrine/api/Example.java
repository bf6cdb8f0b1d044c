package dev.vitrine.api;

import java.nio.file.Path;

/**
 * What the products that are looked for are like, or unlike: words, a picture or a product; two of the three are null.
 *
 * @param weight how much it counts beside other examples; less than 0 where the products shall be unlike it, never 0
 */
record Example(String text, Path picture, String productId, double weight) {

    static Example ofText(String text, double weight) {
        return new Example(text, null, null, weight);
    }

    static Example ofPicture(Path picture, double weight) {
        return new Example(null, picture, null, weight);
    }

    static Example ofProduct(String productId, double weight) {
        return new Example(null, null, productId, weight);
    }
}
