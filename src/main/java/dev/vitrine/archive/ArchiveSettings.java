package dev.vitrine.archive;

import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether pictures are kept.
 *
 * @param folder where; empty where they are not
 */
public record ArchiveSettings(Optional<Path> folder) {
    private static final String OFF = "off";

    private static final Setting<String> ARCHIVE = Setting.path(
            "VITRINE_ARCHIVE",
            OFF,
            "a folder in which every indexed picture is kept as it came, for `./vitrine reindex`; `off`: pictures go when"
                    + " they are indexed");

    /** All that is read here. */
    public static final List<Setting<?>> ALL = List.of(ARCHIVE);

    /** Reads an installation's settings. */
    public static ArchiveSettings read(SettingSource source) {
        String text = ARCHIVE.read(source);
        return text == null || text.equals(OFF)
                ? new ArchiveSettings(Optional.empty())
                : new ArchiveSettings(Optional.of(ARCHIVE.read(source, source.home())));
    }
}
