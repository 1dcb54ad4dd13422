//! The texts of the rules' rejections, in their order of precedence.

use super::texts;
use super::words::{Length, Moment, RoleName, StageName, StandingName};

texts! {
    /// What to tell people when the rules refuse an entry.
    of_rejection(ledger::Rejection);

    // The bytes.
    EntryTooLarge { bytes_max } =>
        "This entry is too big: at most {bytes_max} bytes fit. Leave something out and sign it again."
        "这条记录太大，最多 {bytes_max} 字节。请精简内容后重新签名提交。";
    EntryMalformed =>
        "What arrived is no complete entry. Send it again; if that fails too, update the app."
        "收到的不是一条完整的记录。请重新提交；如仍失败，请更新应用。";
    ActUnknown =>
        "This server does not know what is to be done here. Update the app, or ask the operator whether the server is up to date."
        "服务器不认识这种操作。请更新应用，或向运营方询问服务器是否已升级。";
    EntryNotCanonical =>
        "The entry is not written in its one exact form. Update the app and sign again."
        "这条记录的编码不规范。请更新应用后重新签名提交。";
    FieldMissing { field } =>
        "“{field}” is missing. Fill it in and sign again."
        "缺少“{field}”。请补充后重新签名提交。";
    FieldLength { field, bytes } =>
        "“{field}” must be exactly {bytes} bytes long. Update the app and sign again."
        "“{field}”的长度必须为 {bytes} 字节。请更新应用后重新签名提交。";
    EnumUnknown { field } =>
        "“{field}” is none of the choices. Choose one of the list and sign again."
        "“{field}”不在可选范围内。请从列表中选择后重新签名提交。";
    EntryIdNotV7 =>
        "The number of the entry is not made as it must be (UUID version 7). Update the app and sign again."
        "记录编号的格式不正确（应为 UUID 第 7 版）。请更新应用后重新签名提交。";
    AmountNotPositive =>
        "The amount must be more than zero. Enter at least 1."
        "数额必须大于零。请至少填写 1。";
    AmountTooLarge { max } =>
        "This is too much for one entry; the most is {max}. Check the amount, or do it in parts."
        "数额过大，一次最多 {max}。请核对数额，或分几次办理。";
    NumberOutOfRange { field } =>
        "The number in “{field}” is too large or below zero. Check it and sign again."
        "“{field}”中的数字过大或小于零。请核对后重新签名提交。";
    TimeOutOfRange { field } =>
        "The time in “{field}” cannot be right. Check the date and sign again."
        "“{field}”中的时间不正确。请核对日期后重新签名提交。";
    MonthOutOfRange =>
        "The month of birth cannot be right. Check year and month."
        "出生年月不正确。请核对年份和月份。";
    NameInvalid { field } =>
        "The name in “{field}” is empty, too long, or has invisible characters. Use 1 to 200 bytes of plain text."
        "“{field}”中的名称为空、过长或含有不可见字符。请使用 1 至 200 字节的普通文字。";
    ItemInvalid =>
        "The code of the help does not look like one of the catalogue. Choose the help from the list (1 to 32 of a-z, 0-9 and hyphens)."
        "服务项目代码的格式不正确。请从服务目录中选择（1 至 32 个小写字母、数字或连字符）。";
    KeyWeak =>
        "This key is not safe. Let the device make a new one."
        "该密钥不安全。请让设备重新生成密钥。";

    // The ledger.
    WrongLedger =>
        "This was signed for another time bank. Choose the right one in the app and sign again."
        "这是为另一家时间银行签名的。请在应用中选择正确的时间银行后重新签名。";
    SignatureInvalid =>
        "The signature does not fit. Nothing was booked; sign again, and if that fails too, go to your station."
        "签名不符，没有记账。请重新签名；如仍失败，请前往站点办理。";
    LedgerNotOpen =>
        "This time bank is not open yet. Wait until its operator has opened it."
        "该时间银行尚未开通。请等待运营方开通。";
    LedgerAlreadyOpen =>
        "This time bank is open already, and that is done only once. There is nothing to do."
        "该时间银行已经开通，且只能开通一次。无需再操作。";
    EntryIdReused { field } =>
        "An entry with this number is recorded already, and “{field}” differs. If you mean something new, sign it as a new entry."
        "已有相同编号的记录，但“{field}”不同。如果这是新的事项，请作为新记录重新签名。";
    SignedInTheFuture { minutes_max } [length = Length(minutes_max.into())] =>
        "The clock of your device is more than {length} ahead. Let it set its time by itself and sign again."
        "您设备的时间快了 {length:#} 以上。请将设备设为自动校时，然后重新签名。";
    SignedTooLongAgo { days_max } =>
        "This was signed more than {days_max} days ago. If it still holds, sign it again."
        "这是 {days_max} 天以前签名的。如仍然有效，请重新签名提交。";
    SeenAhead =>
        "Your device has seen more of the ledger than this server has. Do nothing more here, and tell an auditor or your station."
        "您的设备见过比这台服务器更新的账本。请暂停操作，并告知审计员或您的站点。";

    // The author.
    KeyUnknown =>
        "The key of this device is not registered here. Register it at your station, or choose the right time bank."
        "该设备的密钥未在此登记。请到站点登记，或选择正确的时间银行。";
    KeyOfAnother =>
        "This key belongs to another member. Sign with your own."
        "该密钥属于另一位会员。请使用您自己的密钥签名。";
    KeyNotValid =>
        "This key has been ended, or is not valid yet. Use another of your devices, or go to your station."
        "该密钥已停用或尚未生效。请使用您的其他设备，或前往站点办理。";

    // Acting for someone else.
    AttestationMismatch =>
        "It must be clear whether you act for yourself or for someone else. For someone else, say how they agreed; for yourself, leave that out."
        "必须明确是为自己还是代他人办理。代他人办理请注明对方如何同意；为自己办理则不要填写。";
    NotOnBehalf =>
        "This cannot be done for someone else. Ask the person to do it with their own key."
        "此事不能代办。请本人用自己的密钥办理。";
    SubjectUnknown =>
        "The person you act for is no member here. Check the code."
        "您代办的人不是这里的会员。请核对会员编号。";
    NotStaffOfMember =>
        "Only staff of the member's own station may act for them. Ask that station."
        "只有该会员所属站点的工作人员可以代办。请联系其所属站点。";
    NotDelegated =>
        "This person has not named you for this, or no longer. Ask them, or their station."
        "对方未委托您办理此事，或委托已到期。请联系本人或其站点。";
    StaffIsKin =>
        "You are kin of the person you act for. Let a colleague do it, or let them name you as their proxy."
        "您与所代办的人是亲属。请由同事办理，或由其委托您为代理人。";
    SubjectGone { standing } [name = StandingName(standing)] =>
        "The person you act for {name}, so nothing more is done for them. Speak with the station."
        "您代办的人{name:#}，不能再为其办理。请与站点联系。";

    // What the act names.
    UnitUnknown =>
        "This station or district does not exist here. Choose one from the list."
        "该站点或区不存在。请从列表中选择。";
    UnitNotOpen { standing } [name = StandingName(standing)] =>
        "This station or district {name} and takes on nothing new. Choose another."
        "该站点或区{name:#}，不再受理新事项。请选择其他单位。";
    MemberUnknown =>
        "This person is no member here. Check the code."
        "此人不是这里的会员。请核对会员编号。";
    MemberGone { standing } [name = StandingName(standing)] =>
        "This person {name}. Check the code, or choose someone else."
        "此人{name:#}。请核对会员编号，或选择他人。";
    ServiceUnknown =>
        "This visit does not exist here. Choose it from the list of visits."
        "该服务不存在。请从服务列表中选择。";
    ItemNotOffered =>
        "This help is not in the catalogue of this time bank. Choose one from the list."
        "该时间银行的服务目录中没有这项服务。请从目录中选择。";
    ProposalUnknown =>
        "This proposal does not exist here. Choose it from the list of proposals."
        "该提议不存在。请从提议列表中选择。";
    RecoveryUnknown =>
        "No new key is being registered under this number. Take the number from the list of your keys."
        "该编号下没有密钥找回申请。请从密钥列表中选取编号。";
    MovementUnknown =>
        "No hours were moved under this number, so there is nothing to reverse. Take the number from the statement."
        "该编号下没有时间币变动，无可冲正。请从账单中选取编号。";
    AppointmentUnknown =>
        "This person does not have this role there. Check person, place and role."
        "此人在该处没有这一职务。请核对人员、单位和职务。";
    KinUnknown =>
        "These two people are not recorded as kin. Check both codes."
        "这两人没有登记为亲属。请核对双方编号。";
    DelegationUnknown =>
        "This person has no such proxy. Check both codes."
        "此人没有委托这位代理人。请核对双方编号。";
    CaseUnknown =>
        "This case does not exist here. Choose it from the list of open cases."
        "该事项不存在。请从待办事项列表中选择。";
    TargetUnknown =>
        "Neither a visit nor a proposal has this number. Take it from the list of what is due."
        "该编号既不是服务也不是提议。请从到期列表中选取。";
    UnitExists =>
        "A station or district with this number is open already. Use that one, or let the app draw a new number."
        "该编号的站点或区已经开设。请直接使用，或让应用重新生成编号。";
    MemberExists =>
        "There is a member with this number already. Look the person up before you enrol them again."
        "该编号的会员已经存在。请先查找此人，不要重复登记。";
    MemberCodeTaken =>
        "By chance another member has the same short code. Enrol the person again: the app draws a new number."
        "会员编号恰好与他人相同。请重新登记，应用会生成新的编号。";
    KeyExists =>
        "This key is registered already. Use it, or let the device make a new one."
        "该密钥已经登记。请直接使用，或让设备重新生成密钥。";
    AppointmentExists =>
        "This person has this role there already. There is nothing to do."
        "此人在该处已有这一职务。无需再操作。";
    KinExists =>
        "These two people are recorded as kin already. There is nothing to do."
        "这两人已登记为亲属。无需再操作。";
    PossessionNotProven =>
        "It is not proven that the new device holds its key. Add the key again from that device."
        "未能证明新设备持有该密钥。请在该设备上重新添加密钥。";
    RuleOutOfRange { parameter, min, max } =>
        "The rule “{parameter}” must be from {min} to {max}. Change it and sign again."
        "规则“{parameter}”必须在 {min} 至 {max} 之间。请修改后重新签名。";
    RulesVersionWrong { expected } =>
        "These rules must carry version {expected}. Change the number and sign again."
        "这套规则的版本号必须为 {expected}。请修改后重新签名。";
    UnitLevel =>
        "This is not for a unit of that level: a district belongs to the scheme, a station to a district, and districts alone have options. Choose another unit."
        "该级别的单位不能这样办理：区隶属于总部，站点隶属于区，只有区可以设定选项。请选择其他单位。";
    HandOverNeeded =>
        "Whoever closes a unit names another one of its level that is open and takes over. Choose it and sign again."
        "关闭单位须指定一个同级且在营的单位接手。请选择后重新签名。";

    // Authority.
    RoleMissing { role } [name = RoleName(role)] =>
        "This needs the role “{name}” there, which you do not have. Ask someone who has it."
        "此事需要该处的“{name:#}”职务，而您没有。请找有此职务的人办理。";
    OwnAppointment =>
        "Nobody gives a role to themselves. Ask another operator."
        "任何人都不能给自己授予职务。请找另一位运营方人员办理。";
    RolesIncompatible =>
        "An auditor has no other role, so that nobody audits themselves. End the one role before you give the other."
        "审计员不得兼任其他职务，以免自己审计自己。请先免去一项，再授予另一项。";
    LastOperator =>
        "This is the last operator with a key, and the scheme cannot be without. Appoint another one first."
        "这是最后一位持有密钥的运营方人员，不能没有。请先任命另一位。";
    NotOwnKey =>
        "You can only end a key of your own, and only once. Choose one of your keys that still holds."
        "您只能停用自己的密钥，且只能停用一次。请选择您仍在使用的密钥。";
    NotOwnRecovery =>
        "This new key is for another member. You can only object to one for yourself, or the station for you."
        "该新密钥属于另一位会员。您只能对自己的密钥找回提出异议，或由站点代您提出。";
    NotAParty =>
        "You are no party to this visit. Only those concerned may do this, or the station for them."
        "您不是该服务的当事人。只有当事人或其站点可以办理。";
    OwnService =>
        "Nobody can be their own volunteer. Let someone else take this visit."
        "不能给自己做志愿服务。请让其他人接单。";
    PairBlocked =>
        "This visit is not for you. Choose another request."
        "该服务不适合由您承接。请选择其他请求。";
    SamePerson =>
        "Whoever stated the visit cannot confirm it too. Let the person who was helped confirm it, or someone else of the station."
        "填报服务的人不能同时确认。请由被服务的人或站点的其他工作人员确认。";
    Involved =>
        "You are involved in this yourself. Someone who is not must decide."
        "您与此事有关。请由无关的人员决定。";
    NotHeir =>
        "This person is neither the beneficiary nor recorded as kin. Record the kinship first, or wait until the hours go to the pool."
        "此人既不是指定受益人，也未登记为亲属。请先登记亲属关系，或待到期后转入时间池。";
    SelfTransfer =>
        "Giver and receiver are the same person. Choose someone else."
        "赠送人和接收人是同一人。请选择他人。";

    // State and rules.
    NothingLost =>
        "The tree that is to be given up has no record that this ledger lacks. Check its size, which the server names."
        "要放弃的历史并没有本账本所缺的记录。请核对服务器给出的记录数。";
    ServiceStage { stage } [name = StageName(stage)] =>
        "This visit is {name}, so this cannot be done now. Load it again to see what comes next."
        "该服务{name:#}，现在不能进行此操作。请刷新后查看下一步。";
    ProposalClosed { outcome } [name = StageName(outcome)] =>
        "This proposal is {name}, and nothing more can be decided. If it is still wanted, propose it anew."
        "该提议{name:#}，不能再作决定。如仍需要，请重新提议。";
    CaseClosed =>
        "This case is closed, or there is no unit above to take it to. If something is still wrong, open a new one."
        "该事项已办结，或已无上级可转交。如仍有问题，请另行提出。";
    RulesPending { from_ms } [from = Moment(from_ms)] =>
        "Other rules have been adopted and take effect on {from}. Wait until then."
        "已有新规则通过，将于{from:#}生效。请届时再提议。";
    AlreadyReversed =>
        "This was reversed before, and that is done only once. If hours are still wrong, ask your station for a new proposal."
        "此项已经冲正，且只能冲正一次。如时间币仍有误，请向站点申请新的提议。";
    ReversalProposed =>
        "A reversal is proposed already. Wait until it is decided."
        "已有冲正提议。请等待其决定。";
    RecoveryPending =>
        "A new key for this member is under way already. Wait until it is decided, or let it be refused first."
        "该会员已有一项密钥找回正在办理。请等待其结果，或先将其否决。";
    ObjectionUsed =>
        "There was an objection before. Whoever objects again must come to the station in person."
        "此前已提出过异议。如需再次提出，请本人到站点当面办理。";
    TooManyKeys { keys_max } =>
        "You have {keys_max} keys, and more are not kept. End one that you no longer use."
        "您已有 {keys_max} 个密钥，已达上限。请先停用不再使用的密钥。";
    NotDue { due_ms } [due = Moment(due_ms)] =>
        "Its time has not run out: that is on {due}. Wait until then."
        "期限未到，到期时间为{due:#}。请届时再办理。";
    Overdue { due_ms } [due = Moment(due_ms)] =>
        "Its time ran out on {due}. Ask for it, or propose it, anew."
        "已于{due:#}到期。请重新申请或重新提议。";
    NoticeTooShort { days_min } =>
        "New rules take effect {days_min} days after they are approved at the earliest. Choose a later day."
        "新规则最早在批准 {days_min} 天后生效。请选择更晚的日期。";
    PeriodOver =>
        "The last day is over already. Choose a later one."
        "截止日期已过。请选择更晚的日期。";
    PeriodTooLong { days_max } =>
        "This lasts longer than {days_max} days, which is the most. Choose an earlier end."
        "期限超过上限 {days_max} 天。请选择更早的截止日期。";
    MemberStanding { standing } [name = StandingName(standing)] =>
        "This person {name}, so this cannot be done. Load the member again to see what can."
        "此人{name:#}，不能进行此操作。请刷新会员信息后再办理。";
    Suspended { until_ms } [until = Moment(until_ms)] =>
        "You take no visits on until {until}. Speak with your station."
        "您在{until:#}之前暂停接单。请与站点联系。";
    AccountFrozen { until_ms } [until = Moment(until_ms)] =>
        "No hours leave this account until {until}. Speak with your station."
        "该账户在{until:#}之前被冻结，不能支出。请与站点联系。";
    HasDuties =>
        "This person has a role still. End the role first."
        "此人仍有职务。请先免去职务。";
    BalanceNotEmpty { total } [length = Length(total)] =>
        "There are {length} on this account or held for a visit. Give or donate them, or end the visit, first."
        "该账户尚有 {length:#}（含预留）。请先赠送、捐赠或结束服务。";
    VolunteerAge { years_min } =>
        "Volunteers are at least {years_min} years old here. Ask your station how else you can help."
        "志愿者须年满 {years_min} 周岁。请向站点了解其他帮忙的方式。";
    VolunteerTooOld { years_max } =>
        "Volunteers are at most {years_max} years old here. Ask your station how else you can help."
        "志愿者不得超过 {years_max} 周岁。请向站点了解其他帮忙的方式。";
    AgreementMissing =>
        "You have not signed the agreement of the volunteers. Read and sign it first."
        "您尚未签署志愿者协议。请先阅读并签署。";
    CertificateMissing =>
        "This visit asks for a certificate that you do not have, or that has ended. Ask your station for the training."
        "该服务需要培训合格证，而您没有或已过期。请向站点申请培训。";
    KinService =>
        "Kin are not paid in hours for helping each other here. Let someone else take this visit."
        "这里亲属之间互助不计时间币。请让其他人接单。";
    RecipientAge { years_min } =>
        "Visits are for people of {years_min} years and more, or with an assessed need. Ask your station for an assessment."
        "服务对象须年满 {years_min} 周岁，或经评估确有需要。请向站点申请评估。";
    SessionLength { min, max } [least = Length(min.into()), most = Length(max.into())] =>
        "A visit lasts from {least} to {most}. Change its length."
        "每次服务时长为 {least:#} 至 {most:#}。请修改时长。";
    NotAMultiple { quantum } [step = Length(quantum.into())] =>
        "Time is counted in steps of {step}. Round it to such a step."
        "时间以 {step:#} 为单位计算。请按此取整。";
    TooLate { days_max } =>
        "A visit must be entered within {days_max} days, and this one was earlier. Speak with your station."
        "服务须在 {days_max} 天内登记，此次已超期。请与站点联系。";
    LeadTime { hours_min } =>
        "A visit is asked for at least {hours_min} hours before it starts. Choose a later time."
        "服务须至少提前 {hours_min} 小时申请。请选择更晚的时间。";
    VisitNotOver =>
        "The visit is not over yet. Enter it when it has ended."
        "服务尚未结束。请在结束后登记。";
    CheckInMissing =>
        "You have not checked in for this visit. Let the station enter it for you."
        "您未为该服务签到。请由站点代为登记。";
    MoreThanBooked { minutes_max } [length = Length(minutes_max.into())] =>
        "Only {length} were booked for this visit. Enter that at most; for more, a new visit has to be asked for."
        "该服务只预约了 {length:#}。请不要超过；如需更长时间，请另行申请服务。";
    VisitsOverlap =>
        "You, or the person you helped, had another visit at that time. Check start and length."
        "您或被服务的人在该时段另有服务。请核对开始时间和时长。";
    DailyCap { minutes_max } [most = Length(minutes_max.into())] =>
        "At most {most} count in one day. Enter less, or leave it out."
        "一天最多计 {most:#}。请减少时长，或不登记。";
    WeeklyCap { minutes_max } [most = Length(minutes_max.into())] =>
        "At most {most} count in seven days. Enter less, or leave it out."
        "七天最多计 {most:#}。请减少时长，或不登记。";
    LateShare { percent_max } =>
        "At most {percent_max} percent of your visits may be entered late by yourself. Go to your station: there it can be entered for you."
        "您自行补录的服务最多占 {percent_max}%。请到站点，由工作人员代为登记。";
    MinutesDiffer { logged } [length = Length(logged.into())] =>
        "The volunteer stated {length}. Confirm exactly that, or speak with the volunteer or the station first."
        "志愿者填报的是 {length:#}。请按此确认，或先与志愿者或站点沟通。";
    AlreadyRated =>
        "You have rated this visit already. There is nothing to do."
        "您已评价过该服务。无需再操作。";
    GivingNotAllowed =>
        "Hours are not given from member to member here. You can donate them to the pool of your station."
        "这里不允许会员之间赠送时间币。您可以捐给站点的时间池。";
    ReceiverNotAllowed =>
        "Hours go to certain relatives only here. Let the station record the kinship, or donate them to the pool."
        "这里只能赠送给特定亲属。请由站点登记亲属关系，或捐给时间池。";
    ReceiverAge { years_min } =>
        "Hours are given to people of {years_min} years and more. Choose someone else."
        "只能赠送给年满 {years_min} 周岁的人。请选择他人。";
    GiveLimit { minutes_max } [most = Length(minutes_max)] =>
        "At most {most} can be given in a year. Choose less, or wait until next year."
        "一年最多可赠送 {most:#}。请减少数额，或明年再办理。";
    BalanceCap { minutes_max } [most = Length(minutes_max)] =>
        "The receiver would hold more than {most}, which is the most. Choose less."
        "接收人的余额将超过上限 {most:#}。请减少数额。";
    ClearingLimit { minutes_max } [most = Length(minutes_max)] =>
        "The two districts would owe each other more than {most}. They have to settle first; ask your station."
        "两区之间的往来将超过上限 {most:#}，须先行结算。请向站点询问。";
    NothingOwed =>
        "The two districts do not owe each other this amount. Load the position again."
        "两区之间的往来余额与此不符。请刷新后核对。";
    GrantsStopped { percent_min } =>
        "No hours are newly issued while less than {percent_min} % of the promise is covered. Take them from the pool, or wait for the next valuation."
        "偿付覆盖率低于 {percent_min}% 期间不新发时间币。请从时间池支取，或等待下次估值。";
    IssueBudget { minutes_max } [most = Length(minutes_max)] =>
        "The unit would issue more than its budget of {most}. Choose less, or take it from the pool."
        "该单位的发放将超过预算 {most:#}。请减少数额，或从时间池中支取。";
    BudgetExceeded { left } =>
        "The budget of this line has {left} fen left. Spend less, or propose a larger budget first."
        "该项预算只剩 {left} 分。请减少金额，或先提议增加预算。";
    NothingExpired =>
        "No hours of this person have expired. There is nothing to do."
        "此人没有到期的时间币。无需再操作。";
    InsufficientBalance { available } [length = Length(available)] =>
        "Only {length} are available. Choose less, or wait until there is more."
        "可用余额只有 {length:#}。请减少数额，或等余额足够后再办理。";
    BalanceOverflow =>
        "The account would hold more than can be counted. Choose less."
        "账户余额将超出可计数的范围。请减少数额。";
}
