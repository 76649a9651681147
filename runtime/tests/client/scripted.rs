//! A transport that answers as a test says.

use std::fmt;
use std::sync::{Arc, Mutex};

use ottla::client::{BoxFuture, Builder, Client, Request, Response, Transport, TransportError};

type Answer = Result<Response, TransportError>;

pub struct Scripted {
    answer: Box<dyn Fn(&Request) -> Answer + Send + Sync>,
    asked: Mutex<Vec<Request>>,
}

impl Scripted {
    pub fn new(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { answer: Box::new(answer), asked: Mutex::default() })
    }

    pub fn builder(self: &Arc<Self>) -> Builder {
        Client::over([self.clone() as Arc<dyn Transport>])
    }

    pub fn client(self: &Arc<Self>) -> Client {
        self.builder().build().expect("a client")
    }

    pub fn asked(&self) -> Vec<Request> {
        self.asked.lock().expect("no test has failed").clone()
    }
}

impl Transport for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Answer> {
        let answer = (self.answer)(&request);
        self.asked.lock().expect("no test has failed").push(request);
        Box::pin(async { answer })
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

pub fn answer(status: u16, body: &str) -> Answer {
    Ok(Response { status, headers: Vec::new(), body: body.to_owned().into() })
}
