package dev.vitrine.archive;

import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import dev.vitrine.store.S3Settings;
import dev.vitrine.store.StoreAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether pictures are kept.
 *
 * @param folder where, where they are in a folder
 * @param bucket the object store that they are in, where they are in one; both are empty where they are not kept
 * @param s3 how object stores are reached
 */
public record ArchiveSettings(Optional<Path> folder, Optional<StoreAddress> bucket, S3Settings s3) {
    private static final String OFF = "off";

    private static final Setting<String> ARCHIVE = Setting.path(
            "VITRINE_ARCHIVE",
            OFF,
            "a folder in which every indexed picture is kept as it came, for `./vitrine reindex`, or `s3://bucket/prefix` as for"
                    + " `VITRINE_SPOOL`; `off`: pictures go when they are indexed");

    /** All that is read here. */
    public static final List<Setting<?>> ALL = List.of(ARCHIVE);

    /** Reads an installation's settings. */
    public static ArchiveSettings read(SettingSource source) {
        String text = ARCHIVE.read(source);
        Optional<StoreAddress> bucket = StoreAddress.of(ARCHIVE.name(), text);
        boolean isFolder = text != null && !text.equals(OFF) && bucket.isEmpty();
        return new ArchiveSettings(
                isFolder ? Optional.of(ARCHIVE.read(source, source.home())) : Optional.empty(),
                bucket,
                S3Settings.read(source.environment()));
    }
}
