package dev.vitrine.archive;

import dev.vitrine.part.Part;
import dev.vitrine.part.Probe;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The archive of pictures, where one is wanted. */
public final class ArchivePart implements Part {
    private final Optional<Path> folder;
    private final Optional<ObjectStore> store;
    private final Optional<Archive> archive;

    /** @param work a folder on the local disk for pictures that are read from an object store */
    public ArchivePart(ArchiveSettings settings, Path work) {
        this.folder = settings.folder();
        this.store = settings.bucket().map(bucket -> new ObjectStores(settings.s3()).open("VITRINE_ARCHIVE", bucket));
        this.archive =
                store.<Archive>map(bucket -> new ObjectArchive(bucket, work)).or(() -> folder.map(FolderArchive::new));
    }

    /** Empty where no pictures are kept. */
    public Optional<Archive> archive() {
        return archive;
    }

    @Override
    public void open() throws Exception {
        if (folder.isPresent()) {
            Files.createDirectories(folder.get());
        }
    }

    @Override
    public List<Probe> probes() {
        return archive.map(there -> List.of(Probe.of("archive", there::check))).orElse(List.of());
    }

    @Override
    public void close() {
        store.ifPresent(ObjectStore::close);
    }
}
