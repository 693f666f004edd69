//! The whole of the stack: what starts when, and what stops when.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use dynoxide::Database;
use futures::FutureExt;
use shared::clock::SharedClock;
use shared::config::{Config, TokenConfig, TokenKey, ZoomConfig};
use shared::platform::Reach;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

use crate::aws::{Aws, Embedded, Upstream};
use crate::calls::Calls;
use crate::clock::LocalClock;
use crate::data_directory::DataDirectory;
use crate::error::StackError;
use crate::functions::{self, Build, Endpoints, Environment, Functions};
use crate::gateway::{Gateway, OWN_PREFIX, ZOOM_PREFIX, Zoom};
use crate::hold::Hold;
use crate::interruption::Interruption;
use crate::mailbox::Mailbox;
use crate::onlooker::Onlooker;
use crate::proxy::Proxy;
use crate::sandbox::{Sandbox, SandboxOptions};
use crate::serve::{Port, Server};
use crate::server::{self, Public, Serving};
use crate::tables::Queues;
use crate::timer::Runner;
use crate::{aws, environment, tables, token};

/// Where Zoom itself is.
const ZOOM_OAUTH: &str = "https://zoom.us";
const ZOOM_API: &str = "https://api.zoom.us";

/// What a deployment would choose for itself.
const SECRETS_PREFIX: &str = "lectern/connections";
const MAIL_FROM: &str = "Lectern <no-reply@lectern.example>";
const REMINDER_SHARDS: u16 = 4;
/// How many mails a tenant may send in a day unless told otherwise.
pub(crate) const DAILY_MAILS: u32 = 100_000;
/// Where functions that run elsewhere answer: `cargo lambda watch` listens there.
const FUNCTIONS_URL: &str = "http://127.0.0.1:9000";
/// How long functions wait for Zoom unless told otherwise.
pub(crate) const ZOOM_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a request may take unless told otherwise.
pub(crate) const PATIENCE: Duration = Duration::from_secs(25);

/// Which Zoom functions talk to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoomChoice {
    /// The sandbox in this process.
    Sandbox,
    /// A Zoom under this URL: `URL/oauth/token` and `URL/v2/…`.
    Url(Url),
    /// Zoom itself.
    Real,
}

/// How the stack runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port to listen on; 0 picks a free one.
    pub port: u16,
    /// Where data stays between runs; nowhere where absent.
    pub data: Option<PathBuf>,
    /// Which Zoom functions talk to.
    pub zoom: ZoomChoice,
    /// An AWS endpoint in place of the embedded services.
    pub aws: Option<Url>,
    /// Another `DynamoDB` in place of the embedded one, where the other services are embedded. It is told a new
    /// access key by every stack, by which `DynamoDB` Local keeps the tables of each apart.
    pub dynamodb: Option<Url>,
    /// The limit of writes to Zoom per host and day.
    pub daily_writes: u32,
    /// How many mails a tenant may send in a day.
    pub daily_mails: u32,
    /// Whether scheduled functions run by themselves.
    pub timer: bool,
    /// Whether the services are served alone, on the same address, for functions that run elsewhere.
    pub aws_only: bool,
    /// How long functions wait for Zoom.
    pub zoom_timeout: Duration,
    /// How long a request may take.
    pub patience: Duration,
    /// Where functions may post events to: a learning platform in development is on the same machine.
    pub webhook_reach: Reach,
}

impl Options {
    /// A stack of a test's own: in memory, on a free port, with the sandbox, and nothing runs by itself.
    pub fn memory() -> Self {
        Self {
            port: 0,
            data: None,
            zoom: ZoomChoice::Sandbox,
            aws: None,
            dynamodb: None,
            daily_writes: 100,
            daily_mails: DAILY_MAILS,
            timer: false,
            aws_only: false,
            zoom_timeout: ZOOM_TIMEOUT,
            patience: PATIENCE,
            webhook_reach: Reach::Anywhere,
        }
    }
}

/// A running stack.
pub struct Stack {
    url: String,
    endpoints: Endpoints,
    aws: SdkConfig,
    config: Config,
    clock: Arc<LocalClock>,
    interruption: Arc<Interruption>,
    hold: Arc<Hold>,
    onlooker: Arc<Onlooker>,
    stop: watch::Sender<bool>,
    timer: Option<JoinHandle<()>>,
    public: Server,
    gateway: Server,
    database: Option<(Server, Database)>,
    _data: Option<DataDirectory>,
}

impl fmt::Debug for Stack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Stack").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Stack {
    /// Starts the stack with Lectern's functions; it answers when this returns.
    pub async fn start(options: Options) -> Result<Self, StackError> {
        if options.aws_only {
            let nothing: Build = Box::new(|_| async { Ok(Functions::idle()) }.boxed());
            return Self::start_with(options, nothing).await;
        }
        Self::start_with(options, Box::new(functions::build)).await
    }

    /// Starts the stack with the functions that `build` makes.
    pub async fn start_with(options: Options, build: Build) -> Result<Self, StackError> {
        let public_port = Port::bind(options.port).await?;
        let gateway_port = Port::bind(0).await?;
        let (url, gateway_url) = (public_port.url(), gateway_port.url());
        let services_url = if options.aws_only { &url } else { &gateway_url };
        let data = options.data.as_deref().map(DataDirectory::open).transpose()?;
        let clock = Arc::new(LocalClock::new());
        let shared_clock: SharedClock = Arc::clone(&clock) as SharedClock;

        let mail_file = data.as_ref().map(|data| data.file("mail.sqlite")).transpose()?;
        let mailbox = Mailbox::open(mail_file.as_deref()).map_err(StackError::service("the mailbox"))?;
        let mailbox = Arc::new(mailbox);
        let access_key = options.dynamodb.as_ref().map(|_| format!("{:032x}", rand::random::<u128>()));
        let aws_config = |url: &str| aws::config(url, access_key.as_deref());
        let elsewhere = Elsewhere { aws: options.aws, dynamodb: options.dynamodb };
        let (upstream, database) =
            open_aws(elsewhere, data.as_ref(), services_url, Arc::clone(&shared_clock)).await?;
        let sandbox = match options.zoom {
            ZoomChoice::Sandbox => Some(Sandbox::open(SandboxOptions {
                clock: Arc::clone(&shared_clock),
                data: data.as_ref().map(|data| data.file("zoom.sqlite")).transpose()?,
                daily_writes: options.daily_writes,
                seed: true,
            })?),
            ZoomChoice::Url(_) | ZoomChoice::Real => None,
        };
        let calls = Arc::new(Calls::default());
        let interruption = Arc::new(Interruption::default());
        let hold = Arc::new(Hold::default());
        let aws = Aws::new(upstream, Arc::clone(&mailbox), Arc::clone(&shared_clock));
        let onlooker = Arc::clone(aws.onlooker());
        let gateway = Gateway {
            aws: Arc::new(aws),
            zoom: open_zoom(&options.zoom, sandbox.as_ref())?,
            calls: Arc::clone(&calls),
            interruption: Arc::clone(&interruption),
            hold: Arc::clone(&hold),
        };
        let services = gateway.router();
        let gateway = gateway_port.serve(services.clone());

        let own_aws = aws_config(&format!("{gateway_url}{OWN_PREFIX}"));
        let queues = tables::prepare(&own_aws).await?;
        let endpoints = Endpoints {
            zoom_oauth_url: format!("{services_url}{ZOOM_PREFIX}/oauth/token"),
            zoom_api_url: format!("{services_url}{ZOOM_PREFIX}/v2"),
            aws_url: services_url.clone(),
            public_url: if options.aws_only { FUNCTIONS_URL.to_owned() } else { url.clone() },
        };
        let aws = aws_config(&endpoints.aws_url);
        let limits = Limits {
            daily_writes: options.daily_writes,
            daily_mails: options.daily_mails,
            zoom_timeout: options.zoom_timeout,
            patience: options.patience,
            webhook_reach: options.webhook_reach,
        };
        let config = configuration(&endpoints, queues.clone(), &limits)
            .map_err(|error| StackError::Functions(error.into()))?;
        let environment = Environment { config: config.clone(), aws: aws.clone(), clock: shared_clock };
        let functions = build(environment).await.map_err(StackError::Functions)?;
        let serving = if options.aws_only {
            Serving::Services(services)
        } else {
            Serving::Functions { http: functions.http.clone(), sandbox: sandbox.clone() }
        };
        let runner = Arc::new(Runner::new(functions, aws_sdk_sqs::Client::new(&own_aws), queues, sandbox));
        let (stop, stopped) = watch::channel(false);
        let timer = options.timer.then(|| Arc::clone(&runner).start(Arc::clone(&clock), stopped));
        let public = Public { clock: Arc::clone(&clock), runner, mailbox, calls, url: url.clone() };
        let public = public_port.serve(server::router(public, serving));
        Ok(Self {
            url,
            endpoints,
            aws,
            config,
            clock,
            interruption,
            hold,
            onlooker,
            stop,
            timer,
            public,
            gateway,
            database,
            _data: data,
        })
    }

    /// The address of everything that is for users, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where functions find what is outside of them.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// The configuration with which functions reach AWS: what is called with it is counted.
    pub fn aws(&self) -> &SdkConfig {
        &self.aws
    }

    /// The settings that functions are given.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The variables that functions elsewhere need to work with this stack.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        environment::variables(&self.config, &self.endpoints.aws_url)
    }

    /// The clock that everything reads.
    pub fn clock(&self) -> &Arc<LocalClock> {
        &self.clock
    }

    /// What stops functions at one of their calls.
    pub fn interruption(&self) -> &Arc<Interruption> {
        &self.interruption
    }

    /// What holds calls of functions up.
    pub fn hold(&self) -> &Arc<Hold> {
        &self.hold
    }

    /// Who is shown each request to an AWS service.
    pub fn onlooker(&self) -> &Arc<Onlooker> {
        &self.onlooker
    }

    /// Finishes what runs, and stops.
    pub async fn stop(self) {
        // Without a timer there is no one to tell.
        self.stop.send(true).unwrap_or_default();
        if let Some(timer) = self.timer
            && let Err(error) = timer.await
        {
            tracing::error!(%error, "timer ended abnormally");
        }
        self.public.stop().await;
        self.gateway.stop().await;
        if let Some((server, database)) = self.database {
            server.stop().await;
            drop(database);
        }
    }
}

/// What is not in this process.
struct Elsewhere {
    aws: Option<Url>,
    dynamodb: Option<Url>,
}

async fn open_aws(
    elsewhere: Elsewhere,
    data: Option<&DataDirectory>,
    url: &str,
    clock: SharedClock,
) -> Result<(Upstream, Option<(Server, Database)>), StackError> {
    if let Some(url) = elsewhere.aws {
        let proxy = Proxy::towards(&url).map_err(StackError::service("the way to AWS"))?;
        return Ok((Upstream::Other { url, proxy }, None));
    }
    let (services, database) = Embedded::open(data, elsewhere.dynamodb, url, clock).await?;
    Ok((Upstream::Embedded(Box::new(services)), database))
}

fn open_zoom(choice: &ZoomChoice, sandbox: Option<&Sandbox>) -> Result<Zoom, StackError> {
    let failed = StackError::service::<url::ParseError>;
    let (oauth, api) = match (choice, sandbox) {
        (ZoomChoice::Url(url), _) => (url.clone(), url.clone()),
        (ZoomChoice::Sandbox, Some(sandbox)) => return Ok(Zoom::Sandbox(sandbox.router())),
        (ZoomChoice::Real | ZoomChoice::Sandbox, _) => {
            (ZOOM_OAUTH.parse().map_err(failed("Zoom"))?, ZOOM_API.parse().map_err(failed("Zoom"))?)
        }
    };
    let proxy = Proxy::towards(&api).map_err(StackError::service("the way to Zoom"))?;
    Ok(Zoom::Elsewhere { oauth, api, proxy })
}

/// What options say of how much, how long and how far.
struct Limits {
    daily_writes: u32,
    daily_mails: u32,
    zoom_timeout: Duration,
    patience: Duration,
    webhook_reach: Reach,
}

/// What a deployment would set.
fn configuration(endpoints: &Endpoints, queues: Queues, limits: &Limits) -> Result<Config, url::ParseError> {
    Ok(Config {
        table: tables::TABLE.to_owned(),
        notices_queue_url: queues.notices,
        platform_events_queue_url: queues.platform_events,
        webhooks_queue_url: queues.webhooks,
        comparisons_queue_url: queues.comparisons,
        secrets_prefix: SECRETS_PREFIX.to_owned(),
        signing_secret_id: tables::SIGNING_KEY.to_owned(),
        tokens: TokenConfig {
            issuer: token::ISSUER.to_owned(),
            audience: token::AUDIENCE.to_owned(),
            key: TokenKey::Shared(tables::JWT.to_owned()),
        },
        zoom: ZoomConfig {
            token_url: endpoints.zoom_oauth_url.parse()?,
            api_url: endpoints.zoom_api_url.parse()?,
            timeout: limits.zoom_timeout,
        },
        daily_writes: limits.daily_writes,
        daily_mails: limits.daily_mails,
        // The mailbox takes them as they come.
        mails_per_second: None,
        patience: limits.patience,
        public_url: endpoints.public_url.parse()?,
        cors_origins: Vec::new(),
        mail_from: MAIL_FROM.to_owned(),
        reminder_shards: REMINDER_SHARDS,
        webhook_reach: limits.webhook_reach,
    })
}
