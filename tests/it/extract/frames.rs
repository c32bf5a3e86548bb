//! Frames of HTML as real pages have them, around a text given: a forum topic and a news post.

/// A topic page of a board in the style of Invision Community 4, as a guest sees it, with one post.
pub fn topic(title: &str, body: &str) -> String {
    format!(
        r##"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - World News - Example Board</title>
<meta property="og:title" content="{title}"><meta property="og:type" content="website"></head>
<body class="ipsApp ipsApp_front ipsJS_none ipsClearfix" data-controller="core.front.core.app" data-pageapp="forums"
 data-pagemodule="forums" data-pagecontroller="topic">
<a href="#ipsLayout_mainArea" class="ipsHide" title="Go to main content on this page" accesskey="m">Jump to content</a>
<div id="ipsLayout_header" class="ipsClearfix"><header><div class="ipsLayout_container">
<a href="/" id="elSiteTitle" accesskey="1">Example Board</a>
<ul id="elUserNav" class="ipsList_inline cSignedOut"><li id="elSignInLink"><a href="/login/" id="elUserSignIn">Existing user?
 Sign In</a><div id="elUserSignIn_menu" class="ipsMenu ipsMenu_auto ipsHide"><form method="post" action="/login/">
<h4 class="ipsType_sectionHead">Sign In</h4><label for="remember">Remember me</label><span>Not recommended on shared computers</span>
<button type="submit" class="ipsButton">Sign In</button><a href="/lost/">Forgot your password?</a></form></div></li>
<li><a href="/register/" class="ipsButton">Sign Up</a></li></ul></div></header>
<nav class="ipsLayout_container ipsNavBar_primary"><ul data-role="primaryNavBar"><li class="ipsNavBar_active"><a href="/">Browse</a>
<ul class="ipsNavBar_secondary"><li><a href="/forums/">Forums</a></li><li><a href="/staff/">Staff</a></li>
<li><a href="/online/">Online Users</a></li></ul></li><li><a href="/discover/">Activity</a></li></ul>
<div id="elSearch"><form action="/search/"><input type="search" placeholder="Search..."><button>Search</button></form></div></nav></div>
<main id="ipsLayout_body" class="ipsLayout_container"><div id="ipsLayout_contentArea"><div id="ipsLayout_contentWrapper">
<nav class="ipsBreadcrumb ipsBreadcrumb_top"><ul data-role="breadcrumbList"><li><a href="/">Home</a></li>
<li><a href="/news/">World News</a></li><li>{title}</li></ul></nav>
<div id="ipsLayout_mainArea"><div class="ipsPageHeader ipsResponsive_pull"><h1 class="ipsType_pageTitle ipsContained_container">
<span class="ipsType_break ipsContained">{title}</span></h1>
<div class="ipsPageHeader__meta"><div class="ipsPhotoPanel"><p class="ipsType_reset">By <a href="/profile/7/">Social Media</a>,
 <time datetime="2024-06-20T06:11:02Z">June 20, 2024</time> in <a href="/news/">World News</a></p></div>
<ul class="ipsList_inline"><li><div class="ipsShareLinks" data-controller="core.front.core.sharelink">
<a href="#" class="ipsButton">Share</a><div class="ipsMenu ipsHide"><a class="cShareLink_facebook" href="//f.example">Share on Facebook</a>
</div></div></li><li><div class="ipsFollow ipsButton"><a href="/follow/">Followers <span>1</span></a></div></li></ul>
<ul class="ipsTags ipsList_inline"><li><a href="/tags/a/" class="ipsTag"><span>asia</span></a></li></ul></div></div>
<div id="comments" class="cTopic ipsClear" data-controller="core.front.core.commentFeed">
<div class="ipsRecommendedComments ipsHide"><h2 class="ipsType_sectionHead">Recommended Posts</h2></div>
<div id="elPostFeed"><form action="/topic/1/" method="post"><a id="comment-11"></a>
<article id="elComment_11" class="cPost ipsBox ipsComment ipsComment_parent ipsClearfix">
<div class="cAuthorPane_mobile"><h3><strong><a href="/profile/7/">Social Media</a></strong></h3><p><a href="#c11">Posted June 20, 2024</a></p></div>
<aside class="ipsComment_author cAuthorPane ipsColumn"><h3 class="ipsType_sectionHead cAuthorPane_author"><strong>
<a href="/profile/7/">Social Media</a></strong></h3><ul class="cAuthorPane_info"><li class="cAuthorPane_photo"><img src="a.png"
 alt="Social Media"></li><li>Global Moderators</li><li data-role="stats"><ul><li><a href="/p/">5.1k</a></li></ul></li></ul></aside>
<div class="ipsColumn ipsColumn_fluid"><div id="comment-11_wrap" class="ipsComment_content ipsType_medium"
 data-quotedata='{{"userid":7,"username":"Social Media","timestamp":1718863862}}'>
<div class="ipsComment_meta"><a href="/topic/1/?do=findComment&amp;comment=11" class="ipsType_blendLinks">Posted
 <time datetime="2024-06-20T06:11:02Z">June 20, 2024</time></a><div class="ipsComment_tools"><ul class="ipsList_inline">
<li><a href="#" data-ipsmenu>Report post</a></li><li><a href="#">Share</a></li></ul></div></div>
<div class="cPost_contentWrap"><div data-role="commentContent" class="ipsType_normal ipsType_richText ipsPadding_bottom ipsContained">
<p><a class="ipsAttachLink ipsAttachLink_image" href="i.png"><img class="ipsImage" src="i.png"
 alt="image.png.0123456789abcdef0123456789abcdef.png"></a></p><p>&nbsp;</p>
{body}
<p><a class="ipsAttachLink ipsAttachLink_image" href="b.jpg"><img class="ipsImage" src="b.jpg" alt="logo-btm.jpg"></a></p>
</div><div class="ipsItemControls"><div class="ipsReact ipsPos_right"><ul class="ipsReact_reactions">
<li class="ipsReact_reactCount"><a href="/r/"><span><img src="h.png" alt="Haha"></span><span>1</span></a></li></ul></div>
<ul class="ipsComment_controls ipsClearfix"><li><a href="/q/">Quote</a></li></ul></div>
<div data-role="memberSignature" class="ipsType_richText"><p>Stay curious, and be kind to the sheep.</p></div></div>
<div class="ipsMenu ipsMenu_wide ipsHide cPostShareMenu" id="elSharePost_11_menu"><div class="ipsPad"><h5 class="ipsType_normal ipsType_reset">
Link to comment</h5><input type="text" value="https://board.example/topic/1/#comment-11"><h5>Share on other sites</h5></div></div>
</div></div></article></form></div>
<a id="replyForm"></a><div data-role="replyArea" class="cTopicPostArea ipsBox"><div class="cGuestTeaser">
<div class="ipsType_center"><h2 class="ipsType_pageTitle">Create an account or sign in to comment</h2>
<p class="ipsType_light ipsType_normal">You need to be a member in order to leave a comment</p></div>
<div class="ipsGrid"><div><h2 class="ipsType_sectionHead">Create an account</h2><p>Sign up for a new account in our community. It's easy!</p>
<a href="/register/" class="ipsButton">Register a new account</a></div><div><h2>Sign in</h2><p>Already have an account? Sign in here.</p>
<a href="/login/" class="ipsButton">Sign In Now</a></div></div></div></div></div>
<div class="ipsPager"><div class="ipsPager_prev"><a href="/news/" title="Go to World News">Go to topic listing</a></div></div></div>
<div id="ipsLayout_sidebar"><ul class="cWidgetList"><li class="ipsWidget ipsBox" data-blockid="app_core_activeUsers_topic">
<h3 class="ipsType_reset ipsWidget_title">Recently Browsing &nbsp; &nbsp; 0 members</h3><div class="ipsWidget_inner"><ul>
<li>No registered users viewing this page.</li></ul></div></li></ul></div></div></div></main>
<footer id="ipsLayout_footer" class="ipsClearfix"><ul class="ipsList_inline"><li><a href="/privacy/">Privacy Policy</a></li>
<li><a href="/contact/">Contact Us</a></li></ul><p id="elCopyright"><span>Copyright 2024 Example Board</span>
<a href="https://invision.example">Powered by Invision Community</a></p></footer>
<div id="elMobileDrawer" class="ipsDrawer ipsHide"><div class="ipsDrawer_menu"><a href="#" class="ipsDrawer_close"><span>&times;</span></a>
<ul><li><a href="/login/">Existing user? Sign In</a></li></ul></div></div>
<div id="elMobileCreateMenuDrawer" class="ipsDrawer ipsHide"><div><a href="#" class="ipsDrawer_close"><span>&times;</span></a>
<div class="ipsDrawer_content"><h4 class="ipsDrawer_title">Create New...</h4></div></div></div></body></html>"##
    )
}

/// A news post of a site in the style of a classic WordPress theme, with comment form and sum captcha.
pub fn post(title: &str, body: &str) -> String {
    format!(
        r##"<!doctype html><html lang="en-US"><head><meta charset="UTF-8"><title>{title} &#8211; Example Herald</title>
<meta name="generator" content="WordPress 6.4.2"><link rel="shortlink" href="https://herald.example/?p=12">
<meta property="article:published_time" content="2024-06-19T18:02:00+00:00"></head>
<body class="post-template-default single single-post postid-12 has-sidebar"><div id="page" class="site">
<a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<header id="masthead" class="site-header"><p class="site-title"><a href="/">Example Herald</a></p>
<p class="site-description">All the news of a small place</p><nav id="site-navigation" class="main-navigation">
<button class="menu-toggle">Menu</button><ul id="primary-menu" class="menu"><li><a href="/">Home</a></li><li><a href="/nation/">Nation</a></li>
<li><a href="/world/">World</a></li><li><a href="/sport/">Sport</a></li></ul></nav></header>
<div id="content" class="site-content"><div id="primary" class="content-area"><main id="main" class="site-main">
<article id="post-12" class="post-12 post type-post status-publish format-standard hentry category-world">
<header class="entry-header"><h1 class="entry-title">{title}</h1><div class="entry-meta"><span class="posted-on">Posted on <a href="/12/">
<time class="entry-date published" datetime="2024-06-19T18:02:00+00:00">June 19, 2024</time></a></span><span class="byline"> by
 <span class="author vcard"><a class="url fn n" href="/author/desk/">Herald Desk</a></span></span></div></header>
<div class="post-thumbnail"><img src="t.jpg" alt=""></div>
<div class="entry-content">{body}<p>&nbsp;</p>
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a href="?share=facebook"><span>Click to share on
 Facebook (Opens in new window)</span></a></li><li><a href="?share=x">X</a></li></ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>Related</em></h3><div><p><a href="/11/">Council
 votes on the new bridge at last</a></p></div></div></div>
<footer class="entry-footer"><span class="cat-links">Posted in <a href="/world/">World</a></span><span class="tags-links">Tagged
 <a href="/tag/asia/">asia</a></span></footer></article>
<nav class="navigation post-navigation"><h2 class="screen-reader-text">Post navigation</h2><div class="nav-links">
<div class="nav-previous"><a href="/11/">Council votes on the new bridge at last</a></div><div class="nav-next"><a href="/13/">Rain expected
 through the weekend</a></div></div></nav>
<div id="comments" class="comments-area"><h2 class="comments-title">One thought on &ldquo;{title}&rdquo;</h2><ol class="comment-list">
<li id="comment-5" class="comment even thread-even depth-1"><article id="div-comment-5" class="comment-body"><footer class="comment-meta">
<div class="comment-author vcard"><b class="fn">Old Reader</b> <span class="says">says:</span></div><div class="comment-metadata">
<a href="#comment-5"><time datetime="2024-06-19T20:00:00+00:00">June 19, 2024 at 8:00 pm</time></a></div></footer>
<div class="comment-content"><p>A long and thoughtful remark that nobody asked for, which goes on for more than twenty words so that it
 looks just like the prose above it does.</p></div><div class="reply"><a class="comment-reply-link" href="#">Reply</a></div></article></li></ol>
<div id="respond" class="comment-respond"><h3 id="reply-title" class="comment-reply-title">Leave a Reply <small>
<a id="cancel-comment-reply-link" href="#respond" style="display:none;">Cancel reply</a></small></h3>
<form action="/wp-comments-post.php" method="post" id="commentform" class="comment-form"><p class="comment-notes"><span id="email-notes">Your
 email address will not be published.</span> <span class="required-field-message">Required fields are marked <span class="required">*</span>
</span></p><p class="comment-form-comment"><label for="comment">Comment *</label><textarea id="comment"></textarea></p>
<p class="comment-form-author"><label>Name *</label><input name="author"></p>
<p class="comment-form-cookies-consent"><input type="checkbox"><label>Save my name, email, and website in this browser for the next time I
 comment.</label></p><p class="cptch_block"><span class="cptch_wrap"><label class="cptch_label"><span class="cptch_span">5</span>
<span class="cptch_span">&nbsp;&times;&nbsp;</span><span class="cptch_span">one</span><span class="cptch_span">&nbsp;=&nbsp;</span>
<input class="cptch_input" name="cptch_number"></label></span></p><p class="form-submit"><input type="submit" value="Post Comment"></p></form>
</div></div></main></div>
<aside id="secondary" class="widget-area"><section class="widget widget_search"><form role="search" class="search-form"><label>
<span class="screen-reader-text">Search for:</span></label></form></section><section class="widget widget_recent_entries"><h2>Recent Posts</h2>
<ul><li><a href="/13/">Rain expected through the weekend</a></li><li><a href="/11/">Council votes on the new bridge at last</a></li></ul>
</section></aside></div><footer id="colophon" class="site-footer"><div class="site-info"><a href="https://wordpress.example/">Proudly powered
 by WordPress</a></div></footer></div></body></html>"##
    )
}
