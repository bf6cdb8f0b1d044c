package dev.vitrine.archive;

import dev.vitrine.part.Part;
import dev.vitrine.part.Probe;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** The archive of pictures, where one is wanted. */
public final class ArchivePart implements Part {
    private final Optional<Archive> archive;

    public ArchivePart(ArchiveSettings settings) {
        this.archive = settings.folder().map(Archive::new);
    }

    /** Empty where no pictures are kept. */
    public Optional<Archive> archive() {
        return archive;
    }

    @Override
    public void open() throws Exception {
        if (archive.isPresent()) {
            Files.createDirectories(archive.get().folder());
        }
    }

    @Override
    public List<Probe> probes() {
        return archive.map(there -> List.of(Probe.of("archive", () -> check(there))))
                .orElse(List.of());
    }

    private static void check(Archive archive) {
        if (!Files.isWritable(archive.folder())) {
            throw new IllegalStateException("The archive " + archive.folder()
                    + " cannot be written; mount it, or set VITRINE_ARCHIVE to another folder");
        }
    }
}
