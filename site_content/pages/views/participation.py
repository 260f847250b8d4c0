from django.http import Http404


def comment(request, *args, **kwargs):
    raise Http404


def vote(request, *args, **kwargs):
    raise Http404


def confirm(request, *args, **kwargs):
    raise Http404


def report(request, *args, **kwargs):
    raise Http404


