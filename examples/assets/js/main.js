document.querySelector('p').append(' 欢迎！');
