package dev.vitrine.intake.version;

import java.util.function.LongConsumer;

/** What can be seen of the versions that were given before, by whichever process. */
interface GivenVersions {

    /**
     * The greatest version of what concerns a picture, or a whole product; −1 where nothing is known of it.
     *
     * @param collection null for the main one
     * @param imageId null for all pictures of the product
     */
    long of(String collection, String productId, String imageId);

    /**
     * Tells the greatest versions of all, from wherever they can be seen; −1 from where there is none.
     *
     * @param until greater ones are passed over
     */
    void newest(long until, LongConsumer found);
}
