package dev.vitrine.clip.install;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * A folder that someone carried to a machine without internet: the model's files as the repository has them, or as an
 * installed model has them, in the folder itself or in a sub-folder with the model's name.
 */
public final class FolderSource implements ModelSource {

    private static final long STEP = 1 << 23;

    private final Path folder;

    public FolderSource(Path folder) {
        this.folder = folder;
    }

    @Override
    public void fetch(CatalogueModel model, CatalogueFile file, Path part, InstallProgress progress)
            throws IOException {
        Path source = Stream.of(folder.resolve(model.name()), folder)
                .flatMap(place -> Stream.of(place.resolve(file.file()), place.resolve(file.saveAs())))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new InstallException(folder + " has no " + file.file() + "; copy it there from "
                        + model.repository() + " at revision " + model.revision()));
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            long total = in.size();
            for (long done = 0; done < total; ) {
                done += in.transferTo(done, STEP, out);
                progress.received(file.saveAs(), done, total);
            }
            out.force(true);
        }
    }
}
