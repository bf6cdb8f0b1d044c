package dev.vitrine.catalogue.sync;

import java.nio.file.Path;

/**
 * What is to be done with a catalogue.
 *
 * @param name tells the catalogue from others to the same service; what goes missing is looked for among its own pictures
 * @param includeHidden whether products that the shop does not show are taken, too
 * @param dryRun whether only to say what would be done
 * @param deleteMissing whether to remove what an earlier run brought and the catalogue has no more
 * @param confirmed whether to remove more than a tenth of it
 * @param again whether to forget what was sent before
 * @param report where failures are written
 * @param threads how many pictures are worked on at once
 */
public record ImportOptions(
        String name,
        boolean includeHidden,
        boolean dryRun,
        boolean deleteMissing,
        boolean confirmed,
        boolean again,
        Path report,
        int threads) {}
