//! One file a document, a folder a host.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Document, HashedFile, Sink, markdown, name};
use crate::corpus::{CorpusError, FileEntry, Format, Render};

pub struct Tree<'a> {
    folder: PathBuf,
    format: Format,
    render: Option<Render<'a>>,
    hosts: HashSet<String>,
    names: HashSet<String>,
    done: Vec<FileEntry>,
}

impl<'a> Tree<'a> {
    pub fn text(folder: &Path) -> Self {
        Self::new(folder, Format::Text, None)
    }

    pub fn markdown(folder: &Path, render: Option<Render<'a>>) -> Self {
        Self::new(folder, Format::Markdown, render)
    }

    fn new(folder: &Path, format: Format, render: Option<Render<'a>>) -> Self {
        let (hosts, names) = (HashSet::new(), HashSet::new());
        Self { folder: folder.to_owned(), format, render, hosts, names, done: Vec::new() }
    }

    fn body(&self, document: &Document<'_>) -> Result<String, CorpusError> {
        match self.format {
            Format::Markdown => markdown::page(document, self.render),
            _ => Ok(document.record.text.clone()),
        }
    }

    fn path(&mut self, document: &Document<'_>) -> Result<String, CorpusError> {
        let host = name::host(&document.record.url);
        if self.hosts.insert(host.clone()) {
            let path = self.folder.join(&host);
            fs::create_dir_all(&path).map_err(CorpusError::io("make", &path))?;
        }
        let extension = if self.format == Format::Markdown { "md" } else { "txt" };
        let path = |id: &str| format!("{host}/{}-{id}.{extension}", name::slug(&document.record.url));
        let id = document.record.id.to_string();
        let short = path(&id[..name::ID_DIGITS]);
        let path = if self.names.contains(&short) { path(&id) } else { short };
        self.names.insert(path.clone());
        Ok(path)
    }
}

impl Sink for Tree<'_> {
    fn put(&mut self, document: Document<'_>) -> Result<(), CorpusError> {
        let name = self.path(&document)?;
        let mut body = self.body(&document)?;
        if !body.ends_with('\n') {
            body.push('\n');
        }
        let mut file = HashedFile::create(&self.folder, &name)?;
        file.put(body.as_bytes())?;
        self.done.push(file.finish(1)?);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<FileEntry>, CorpusError> {
        Ok(self.done)
    }
}
