//! The used part of Azure DevOps' REST interface on a port of this machine, with state, and with the ways in which a
//! server can fail.

mod checks;
mod definitions;
mod environments;
mod groups;
mod http;
mod lookups;
mod permissions;
mod policies;
mod state;

pub use http::Response;
pub use state::{State, refusal};

use http::Request;
use serde_json::Value;
use std::io::BufReader;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

/// The token that is accepted.
pub const TOKEN: &str = "pat-Zx81-of-the-tests";

/// When a connection is cut instead of answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    BeforeExecuting,
    AfterExecuting,
}

/// What goes wrong.
#[derive(Default)]
pub struct Faults {
    /// The write with this number, from 0, is cut, and all that come later are refused: nobody is there any more.
    pub cut: Option<(usize, Cut)>,
    /// Each request is answered so for the first `.0` times that it comes.
    pub throttled: Option<(usize, Response)>,
    /// Requests with this method, whose target contains this text, are answered so, so many times.
    pub answers: Vec<(&'static str, &'static str, usize, Response)>,
    /// As `answers`, but the connection is closed, in the middle of the answer if `true`.
    pub broken: Vec<(&'static str, &'static str, usize, bool)>,
    /// As `answers`, but good answers come in chunks and break off after so many bytes.
    pub chunked: Vec<(&'static str, &'static str, usize, usize)>,
    /// Good answers carry this header too.
    pub header: Option<(&'static str, String)>,
}

#[derive(Clone, Debug)]
pub struct Logged {
    pub method: String,
    pub target: String,
    pub body: Option<Value>,
    pub status: u16,
}

impl Logged {
    pub fn writes(&self) -> bool {
        self.method != "GET"
    }
}

#[derive(Default)]
struct Inner {
    state: State,
    faults: Faults,
    log: Vec<Logged>,
    writes: usize,
    throttled: Vec<(String, usize)>,
}

pub struct Server {
    address: SocketAddr,
    base: String,
    inner: Arc<Mutex<Inner>>,
    stop: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    /// `base` is the path of the organization: `contoso`, or `tfs/DefaultCollection` as on a server of one's own.
    pub fn start(base: &str, state: State) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let inner = Arc::new(Mutex::new(Inner { state, ..Inner::default() }));
        let stop = Arc::new(AtomicBool::new(false));
        let parts: Vec<String> = base.split('/').map(|it| it.replace("%20", " ")).collect();
        let accepting = std::thread::spawn({
            let (inner, stop) = (Arc::clone(&inner), Arc::clone(&stop));
            move || accept(&listener, &inner, &stop, &parts)
        });
        Server { address, base: base.to_owned(), inner, stop, accepting: Some(accepting) }
    }

    pub fn url(&self) -> String {
        format!("http://{}/{}", self.address, self.base)
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no request panics")
    }

    pub fn with_state<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.inner().state)
    }

    /// From now on this goes wrong, and the log is empty.
    pub fn fail(&self, faults: Faults) {
        let mut inner = self.inner();
        inner.faults = faults;
        inner.log.clear();
        inner.writes = 0;
        inner.throttled.clear();
    }

    pub fn log(&self) -> Vec<Logged> {
        self.inner().log.clone()
    }

    pub fn writes(&self) -> Vec<Logged> {
        self.log().into_iter().filter(Logged::writes).collect()
    }

    /// Everything that is there.
    pub fn all(&self) -> Value {
        self.with_state(|it| it.all())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes who waits for connections.
        drop(TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            drop(accepting.join());
        }
    }
}

fn accept(listener: &TcpListener, inner: &Arc<Mutex<Inner>>, stop: &AtomicBool, base: &[String]) {
    for stream in listener.incoming() {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let (inner, base) = (Arc::clone(inner), base.to_owned());
        std::thread::spawn(move || serve(stream, &inner, &base));
    }
}

fn serve(mut stream: TcpStream, inner: &Mutex<Inner>, base: &[String]) {
    drop(stream.set_nodelay(true));
    let Ok(copy) = stream.try_clone() else { return };
    let mut reader = BufReader::new(copy);
    while let Some(mut request) = http::read(&mut reader) {
        let answer = inner.lock().expect("no request panics").answer(&mut request, base);
        let Answer::Whole(response) = answer else {
            match answer {
                Answer::Half(mut response) => {
                    // The length promises more.
                    let half = response.body.len() / 2;
                    response.headers.push(("Connection", "close".to_owned()));
                    drop(response.send_half(&mut stream, half));
                }
                Answer::Chunked(response, bytes) => drop(response.send_chunk(&mut stream, bytes)),
                Answer::Whole(_) | Answer::None => {}
            }
            drop(stream.shutdown(Shutdown::Both));
            return;
        };
        if response.send(&mut stream).is_err() {
            return;
        }
    }
}

enum Answer {
    Whole(Response),
    Half(Response),
    /// A chunk that breaks off after so many bytes.
    Chunked(Response, usize),
    None,
}

impl Inner {
    fn answer(&mut self, request: &mut Request, base: &[String]) -> Answer {
        let number = self.writes;
        self.writes += usize::from(request.writes());
        let cut = self.faults.cut.filter(|it| request.writes() && number >= it.0);
        if cut.is_some_and(|it| it.1 == Cut::BeforeExecuting || number > it.0) {
            return Answer::None;
        }
        let broken = self.broken(request);
        if broken == Some(false) {
            return Answer::None;
        }
        let response = match self.fault(request) {
            Some(response) => response,
            None => self.execute(request, base),
        };
        self.log.push(Logged {
            method: request.method.clone(),
            target: request.target.clone(),
            body: request.json(),
            status: response.status,
        });
        match (cut, broken) {
            (Some(_), _) => Answer::None,
            (_, Some(_)) => Answer::Half(response),
            _ => match self.chunked(request) {
                Some(bytes) => Answer::Chunked(response, bytes),
                None => Answer::Whole(response),
            },
        }
    }

    fn execute(&mut self, request: &mut Request, base: &[String]) -> Response {
        if !request.path.starts_with(base) {
            return Response::html(404, "<html><body>The resource cannot be found.</body></html>");
        }
        request.path.drain(..base.len());
        let expected = format!("Basic {}", http::base64(format!(":{TOKEN}").as_bytes()));
        let bearer = self.state.bearer.as_ref().map(|it| format!("Bearer {it}"));
        if request.header("authorization").is_none_or(|it| it != expected && Some(it) != bearer.as_deref()) {
            return Response::empty(401).with("WWW-Authenticate", &"Basic realm=\"test\"");
        }
        let response = self.state.route(request);
        match &self.faults.header {
            Some((name, value)) => response.with(name, value),
            None => response,
        }
    }

    fn fault(&mut self, request: &Request) -> Option<Response> {
        if let Some((times, response)) = self.faults.throttled.clone() {
            let key = format!("{} {} {:?}", request.method, request.target, request.body);
            let known = self.throttled.iter().position(|it| it.0 == key);
            let at = known.unwrap_or_else(|| {
                self.throttled.push((key, 0));
                self.throttled.len() - 1
            });
            if self.throttled[at].1 < times {
                self.throttled[at].1 += 1;
                return Some(response);
            }
        }
        let meant = |it: &&mut (&str, &str, usize, Response)| {
            it.0 == request.method && request.target.contains(it.1) && it.2 > 0
        };
        let answer = self.faults.answers.iter_mut().find(meant)?;
        answer.2 -= 1;
        Some(answer.3.clone())
    }

    fn chunked(&mut self, request: &Request) -> Option<usize> {
        let meant = |it: &&mut (&str, &str, usize, usize)| {
            it.0 == request.method && request.target.contains(it.1) && it.2 > 0
        };
        let chunked = self.faults.chunked.iter_mut().find(meant)?;
        chunked.2 -= 1;
        Some(chunked.3)
    }

    fn broken(&mut self, request: &Request) -> Option<bool> {
        let meant = |it: &&mut (&str, &str, usize, bool)| {
            it.0 == request.method && request.target.contains(it.1) && it.2 > 0
        };
        let broken = self.faults.broken.iter_mut().find(meant)?;
        broken.2 -= 1;
        Some(broken.3)
    }
}
