package dev.vitrine.spool;

import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import dev.vitrine.store.S3Settings;
import dev.vitrine.store.StoreAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where accepted uploads lie until they are indexed.
 *
 * @param folder the folder, where they lie in one
 * @param bucket the object store that they lie in; empty for a folder
 * @param s3 how object stores are reached
 */
public record SpoolSettings(Path folder, Optional<StoreAddress> bucket, S3Settings s3) {
    private static final Setting<String> SPOOL = Setting.path(
            "VITRINE_SPOOL",
            "`spool` in the data folder",
            "where accepted uploads lie until they are indexed: a folder that all processes share, or `s3://bucket/prefix`"
                    + " (first `./vitrine component add aws2-s3`; the endpoint, the region and the credentials come from"
                    + " AWS's own variables)");

    /** All that is read here. */
    public static final List<Setting<?>> ALL = List.of(SPOOL);

    /** Reads an installation's settings. */
    public static SpoolSettings read(SettingSource source, Path dataDir) {
        Optional<StoreAddress> bucket = StoreAddress.of(SPOOL.name(), SPOOL.read(source));
        Path folder = dataDir.resolve("spool");
        return new SpoolSettings(
                bucket.isPresent() ? folder : SPOOL.read(source, folder),
                bucket,
                S3Settings.read(source.environment()));
    }
}
