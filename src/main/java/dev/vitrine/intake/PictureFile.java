package dev.vitrine.intake;

import java.io.File;
import org.apache.camel.WrappedFile;

/** A picture's file as a body that no endpoint reads into memory. */
record PictureFile(File file) implements WrappedFile<File> {
    @Override
    public File getFile() {
        return file;
    }

    @Override
    public Object getBody() {
        return file;
    }
}
